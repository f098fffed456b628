using Integrations.Core.Security;

namespace Integrations.Core.StoredKeys;

/// <summary>What a caller says of a stored key. In a change, what is null stays as it is.</summary>
public sealed record StoredKeyInput
{
    public string? Name { get; init; }

    public string? Value { get; init; }

    /// <summary>A provider's key; empty for none. Whoever calls knows the catalogue, which lies above this feature.</summary>
    public string? Provider { get; init; }

    // A record would write the secret into whatever text it is put in.
    public override string ToString() => $"{nameof(StoredKeyInput)} {Name}";

    /// <summary>Adds what is wrong; a fault never repeats the value.</summary>
    public void Check(Faults faults, bool isNew)
    {
        if (isNew || Name is not null)
        {
            faults.AddIf(string.IsNullOrWhiteSpace(Name), "name", "name is required: say whose key it is.");
            faults.AddIf(Name?.Trim().Length > StoredKey.MaxNameLength, "name", $"name may have at most {StoredKey.MaxNameLength} characters.");
            faults.AddIf(Name?.Any(char.IsControl) == true, "name", "name must not hold line breaks or other control characters.");
        }

        if (isNew || Value is not null)
        {
            faults.AddIf(string.IsNullOrWhiteSpace(Value), "value", "value is required: the key or token itself.");
            faults.AddIf(Value?.Trim().Length > StoredKey.MaxValueLength, "value", $"value may have at most {StoredKey.MaxValueLength} characters.");
            faults.AddIf(Value?.Trim().Any(char.IsControl) == true, "value", "value must be one line without control characters.");
        }
    }
}
