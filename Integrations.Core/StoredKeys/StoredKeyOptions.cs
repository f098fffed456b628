using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.StoredKeys;

/// <summary>Section <c>StoredKeys</c>.</summary>
public sealed class StoredKeyOptions
{
    /// <summary>Stored keys that an organization may have.</summary>
    [Range(1, 1_000)]
    public int MaxKeys { get; set; } = 50;
}
