using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>The lines of a document on their way through a mapping.</summary>
internal static class MappedLines
{
    /// <summary>The hub's lines; what they lead to is noted by the provider's ids.</summary>
    public static JsonElement Read(RecordType type, FieldMapping mapping, JsonElement value, string? currency, ref List<PendingReference>? references)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return value;
        }

        var known = type.Find(mapping.Target)?.Items ?? [];
        JsonArray lines = [];
        foreach (var item in value.EnumerateArray())
        {
            JsonObject line = [];
            var before = references?.Count ?? 0;
            foreach (var field in (mapping.Items ?? []).Where(field => field.Directions.HasFlag(SyncDirections.In)))
            {
                if (PendingReference.IsOne(field))
                {
                    if (FieldPath.Of(field.Source).Read(item) is { } id)
                    {
                        PendingReference.Add(ref references, field, id, RecordReferences.PlaceOf(mapping.Target, lines.Count, field.Target));
                    }

                    continue;
                }

                var text = field.Constant ?? (FieldPath.Of(field.Source).Read(item) is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } part ? MappedValue.Read(field, part, currency) : null);
                if (text is null || line.ContainsKey(field.Target))
                {
                    continue;
                }

                line[field.Target] = known.FirstOrDefault(part => part.Name == field.Target)?.Kind is RecordFieldKind.Number or RecordFieldKind.Money
                    && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? JsonValue.Create(number)
                    : JsonValue.Create(text);
            }

            if (line.Count > 0 || references?.Count > before)
            {
                lines.Add(line);
            }
        }

        return JsonSerializer.SerializeToElement(lines);
    }

    /// <summary>The provider's lines.</summary>
    public static JsonArray Write(FieldMapping mapping, JsonElement value, string? currency, Func<string, Guid, string?> references)
    {
        JsonArray lines = [];
        foreach (var item in value.EnumerateArray())
        {
            JsonObject line = [];
            foreach (var field in mapping.Items ?? [])
            {
                if (!field.Directions.HasFlag(SyncDirections.Out) || field.Source.Length == 0)
                {
                    continue;
                }

                JsonNode? written = field.Constant is { } constant ? JsonValue.Create(constant)
                    : !item.TryGetProperty(field.Target, out var part) || part.ValueKind is JsonValueKind.Null ? null
                    : PendingReference.IsOne(field) ? PendingReference.Write(field, part.GetString(), references)
                    : MappedValue.Write(field, part.ValueKind == JsonValueKind.Number ? part.GetDecimal() : part.ToString(), part.ToString(), currency);
                if (written is not null)
                {
                    FieldPath.Of(field.Source).Write(line, written);
                }
            }

            lines.Add(line);
        }

        return lines;
    }
}
