using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.ApiKeys;

/// <summary>Section <c>ApiKeys</c>.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>Keys that are neither revoked nor expired an organization may have.</summary>
    [Range(1, 1_000)]
    public int MaxKeys { get; set; } = 10;

    /// <summary>Days after which a key ends when its creator names no date.</summary>
    [Range(1, 3_650)]
    public int DefaultExpiryDays { get; set; } = 365;
}
