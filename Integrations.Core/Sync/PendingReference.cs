using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>A field, or the place in a line, that leads to another record by the provider's id.</summary>
internal sealed record PendingReference(string Target, string DataType, string ExternalId)
{
    /// <summary>Whether a field of a line leads to another record.</summary>
    public static bool IsOne(FieldMapping field) => field is { Transform: FieldTransform.Reference, Constant: null, Reference.Length: > 0 };

    /// <summary>Notes where a provider's value leads, if it is one that can.</summary>
    public static void Add(ref List<PendingReference>? references, FieldMapping mapping, JsonElement value, string place)
    {
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } id)
        {
            (references ??= []).Add(new PendingReference(place, mapping.Reference!, id));
        }
    }

    /// <summary>The provider's id for the hub's; null when the provider does not have it.</summary>
    public static JsonValue? Write(FieldMapping mapping, string? value, Func<string, Guid, string?> references) =>
        RecordIds.TryParse(value, out var id) && references(mapping.Reference!, id) is { } external ? JsonValue.Create(external) : null;
}
