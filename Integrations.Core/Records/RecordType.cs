namespace Integrations.Core.Records;

/// <summary>A kind of record: its fields, and which of them lists, filters and reports use.</summary>
/// <param name="Name">As in URLs: <c>contacts</c>.</param>
/// <param name="Singular">As in bodies and event types: <c>contact</c>.</param>
/// <param name="Label">As pages say it: "Contacts".</param>
/// <param name="Prefix">Of its public ids.</param>
public sealed record RecordType(string Name, string Singular, string Label, string Prefix, IReadOnlyList<RecordField> Fields)
{
    // What the hub itself says of a record.
    private static readonly string[] _own = ["id", "external", "createdAt", "updatedAt"];

    private readonly Dictionary<string, RecordField> _byName = Fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The field by which records of different providers are known to be the same thing; null for none.</summary>
    public string? MatchField { get; init; }

    /// <summary>The fields that a search looks in, beside the name.</summary>
    public IReadOnlyList<string> SearchFields { get; init; } = [];

    /// <summary>The field by which lists are parted beside the status: <c>contactType</c>.</summary>
    public string? KindField { get; init; }

    /// <summary>Whether fields that are not listed are kept as they are: records of a provider's own data types.</summary>
    public bool IsGeneric { get; init; }

    /// <summary>Whether its changes raise events.</summary>
    public bool RaisesEvents { get; init; } = true;

    public RecordField? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether a field may be set: it is listed, or the type or a prefix leaves the name free.</summary>
    public bool Takes(string name) => _byName.ContainsKey(name) || (IsGeneric && !_own.Contains(name, StringComparer.Ordinal))
        || (name.StartsWith(RecordTypes.CustomPrefix, StringComparison.Ordinal) && name.Length > RecordTypes.CustomPrefix.Length && _byName.ContainsKey("name"));
}
