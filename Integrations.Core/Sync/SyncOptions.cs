using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.Sync;

/// <summary>The settings <c>Sync:*</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>Runs that a node works on at once.</summary>
    [Range(1, 64)]
    public int MaxRunning { get; set; } = 4;

    /// <summary>Starts of syncs of a connection a minute.</summary>
    [Range(1, 1000)]
    public int MaxStartsPerMinute { get; set; } = 10;
}
