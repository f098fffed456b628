using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.Storage.KeyRing;

/// <summary>A value of the installation itself, such as the canaries that tell whether the master key is the right one.</summary>
public sealed class SystemSetting
{
    [Key]
    [MaxLength(64)]
    public required string Key { get; init; }

    public required byte[] Value { get; init; }
}
