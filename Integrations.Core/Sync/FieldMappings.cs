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
            CheckField(faults, mapping[i], $"fields[{i}]", target => type.Takes(target) ? null : $"{target} is no field of {type.Name}. Free fields are written as {RecordTypes.CustomPrefix}name.");
            CheckLines(faults, mapping[i], $"fields[{i}]", type);
        }

        var twice = mapping.Where(field => field.Source.Length > 0 && field.Directions.HasFlag(SyncDirections.Out)).GroupBy(field => field.Source, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        faults.AddIf(twice is not null && dataType.Directions.HasFlag(SyncDirections.Out), "fields", $"{twice?.Key} is set twice on the way out.");
        faults.ThrowIfAny();
    }

    private static void CheckField(Faults faults, FieldMapping field, string place, Func<string, string?> faultOf)
    {
        faults.AddIf(field.Source.Length > 0 && !FieldPath.IsPath(field.Source), $"{place}.source", $"{field.Source} must be names with dots between them, such as address.city or items[0].");
        faults.AddIf(field.Source.Length == 0 && field.Constant is null, $"{place}.source", "Name the provider's field, or give a constant.");
        faults.AddIf(field.Target.Length == 0 && field.Directions.HasFlag(SyncDirections.In), $"{place}.target", "Name the hub's field.");
        var fault = field.Target.Length > 0 ? faultOf(field.Target) : null;
        faults.AddIf(fault is not null, $"{place}.target", fault ?? "");
        faults.AddIf(field.Target.Length > 100 || field.Source.Length > 200 || field.Constant?.Length > 500, place, "A name may have 100 characters, a source 200, a constant 500.");
        faults.AddIf(field.Transform == FieldTransform.Reference && field.Reference is not { Length: > 0 and <= 40 }, $"{place}.reference", "Name the data type that it leads to.");
    }

    private static void CheckLines(Faults faults, FieldMapping field, string place, RecordType type)
    {
        if (field.Transform != FieldTransform.Lines)
        {
            return;
        }

        if (type.Find(field.Target) is not { Kind: RecordFieldKind.Lines } lines)
        {
            faults.AddIf(type.Takes(field.Target), $"{place}.target", $"{field.Target} holds no lines.");
            return;
        }

        var items = field.Items ?? [];
        faults.AddIf(items.Count is 0 or > MaxFields, $"{place}.items", $"Map 1 to {MaxFields} fields of a line.");
        foreach (var (index, item) in items.Index())
        {
            var known = lines.Items.FirstOrDefault(known => known.Name == item.Target);
            CheckField(faults, item, $"{place}.items[{index}]", target => known is null ? $"{target} is no field of a line. These are: {string.Join(", ", lines.Items.Select(each => each.Name))}." : null);
            faults.AddIf(item is { Transform: FieldTransform.Reference, Constant: not null }, $"{place}.items[{index}].constant", "A link to another record is read, and never constant.");
            faults.AddIf(item.Transform == FieldTransform.Lines, $"{place}.items[{index}].transform", "A line holds no lines.");
            faults.AddIf(
                known is not null && (item.Transform == FieldTransform.Reference) != (known.Kind == RecordFieldKind.Reference), $"{place}.items[{index}].transform",
                known?.Kind == RecordFieldKind.Reference ? $"{item.Target} leads to another record: use reference." : $"{item.Target} leads to no other record.");
        }
    }
}
