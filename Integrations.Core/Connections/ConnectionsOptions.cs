using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.Connections;

/// <summary>Section <c>Connections</c>.</summary>
public sealed class ConnectionsOptions
{
    /// <summary>Connections that an organization may make, or credentials that it may try, in a minute.</summary>
    [Range(1, 10_000)]
    public int MaxCreationsPerMinute { get; set; } = 5;

    /// <summary>Consents that may begin in an organization in a minute.</summary>
    [Range(1, 10_000)]
    public int MaxConsentsPerMinute { get; set; } = 20;
}
