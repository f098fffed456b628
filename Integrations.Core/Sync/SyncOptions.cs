using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.Sync;

/// <summary>The settings <c>Sync:*</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>Runs that a node works on at once.</summary>
    [Range(1, 64)]
    public int MaxRunning { get; set; } = 4;

    /// <summary>For how long a node that died keeps its runs from others; at least as long as a page and its rows may take.</summary>
    [Range(10, 3600)]
    public int LeaseSeconds { get; set; } = 90;

    /// <summary>Starts of syncs of a connection a minute.</summary>
    [Range(1, 1000)]
    public int MaxStartsPerMinute { get; set; } = 10;
}
