using System.Text.Json;
using System.Text.Json.Serialization;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Core.Sync;

/// <summary>A connection's own mapping of a data type: kept as JSON, and checked before it is.</summary>
public static class FieldMappings
{
    public const int MaxFields = 100;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static IReadOnlyList<FieldMapping> Parse(string json) => JsonSerializer.Deserialize<List<FieldMapping>>(json, _json)!;

    public static string ToText(IReadOnlyList<FieldMapping> mapping) => JsonSerializer.Serialize(mapping, _json);

    /// <exception cref="Refusal"><see cref="RefusalKind.Invalid"/>, with everything that is wrong.</exception>
    public static void Check(ConnectorDataType dataType, IReadOnlyList<FieldMapping> mapping)
    {
        Faults faults = new();
        var type = RecordTypes.Find(dataType.RecordType)!;
        faults.AddIf(mapping.Count == 0, "fields", "Map at least one field, or reset the mapping to the provider's own.");
        faults.AddIf(mapping.Count > MaxFields, "fields", $"At most {MaxFields} fields can be mapped.");
        for (var i = 0; i < mapping.Count; i++)
        {
            var field = mapping[i];
            var place = $"fields[{i}]";
            faults.AddIf(field.Source.Length > 0 && !FieldPath.IsPath(field.Source), $"{place}.source", $"{field.Source} must be names with dots between them, such as address.city or items[0].");
            faults.AddIf(field.Source.Length == 0 && field.Constant is null, $"{place}.source", "Name the provider's field, or give a constant.");
            faults.AddIf(field.Target.Length == 0 && field.Directions.HasFlag(SyncDirections.In), $"{place}.target", "Name the hub's field.");
            faults.AddIf(field.Target.Length > 0 && !type.Takes(field.Target), $"{place}.target", $"{field.Target} is no field of {type.Name}. Free fields are written as {RecordTypes.CustomPrefix}name.");
            faults.AddIf(field.Target.Length > 100 || field.Source.Length > 200 || field.Constant?.Length > 500, place, "A name may have 100 characters, a source 200, a constant 500.");
            faults.AddIf(
                field.Transform == FieldTransform.Reference && field.Reference is not { Length: > 0 and <= 40 }, $"{place}.reference", "Name the data type that it leads to.");
        }

        var twice = mapping.Where(field => field.Source.Length > 0 && field.Directions.HasFlag(SyncDirections.Out)).GroupBy(field => field.Source, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        faults.AddIf(twice is not null && dataType.Directions.HasFlag(SyncDirections.Out), "fields", $"{twice?.Key} is set twice on the way out.");
        faults.ThrowIfAny();
    }
}
