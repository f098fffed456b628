using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>A provider's row as the hub sees it.</summary>
/// <param name="Fault">Why it cannot be taken in, or null.</param>
internal sealed record MappedRow(RecordFields Fields, IReadOnlyList<PendingReference> References, string? Fault)
{
    /// <summary>The print of what was read, references by the provider's ids.</summary>
    public Guid Print { get; init; }

    /// <summary>What the fields are stored as; null when references have to be found before.</summary>
    public RecordContent? Content { get; init; }
}

/// <summary>Turns a provider's rows into the values of records, and back, by a mapping.</summary>
internal sealed class RecordMapper
{
    private readonly List<(FieldMapping Mapping, FieldPath? Path)> _in;
    private readonly List<(FieldMapping Mapping, FieldPath? Path)> _out;

    public RecordMapper(RecordType type, IReadOnlyList<FieldMapping> mapping)
    {
        Type = type;
        Mapping = mapping;
        // Amounts in the smallest unit need the currency, which so has to be read before.
        _in = [.. mapping.Where(field => field.Directions.HasFlag(SyncDirections.In) && field.Target.Length > 0).OrderBy(NeedsCurrency).Select(field => (field, PathOf(field)))];
        _out = [.. mapping.Where(field => field.Directions.HasFlag(SyncDirections.Out) && field.Source.Length > 0).Select(field => (field, PathOf(field)))];
        Targets = [.. _in.Select(field => field.Mapping.Target).Distinct(StringComparer.Ordinal)];
        Defaults = _in.GroupBy(field => field.Mapping.Target, StringComparer.Ordinal).Where(group => group.All(field => field.Mapping.Constant is not null)).Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
    }

    public RecordType Type { get; }

    public IReadOnlyList<FieldMapping> Mapping { get; }

    /// <summary>The hub's fields that rows set.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>Those of them that the provider does not tell: records get them that have none yet.</summary>
    public IReadOnlySet<string> Defaults { get; }

    /// <summary>Reads a provider's row.</summary>
    public MappedRow Read(JsonElement row)
    {
        try
        {
            return ReadFields(row);
        }
        catch (InvalidOperationException)
        {
            // JSON can hold half of a character, which no text can.
            return new MappedRow(new RecordFields(), [], "The row holds a text with half a character in it.");
        }
    }

    private MappedRow ReadFields(JsonElement row)
    {
        RecordFields fields = new(Targets.Count);
        List<PendingReference>? references = null;
        foreach (var (mapping, path) in _in)
        {
            // Of several sources of one field the first that has a value counts.
            if (fields[mapping.Target] is not null)
            {
                continue;
            }

            if (mapping.Constant is { } constant)
            {
                if (RecordCheck.Set(fields, Type, mapping.Target, constant) is { } wrong)
                {
                    return new MappedRow(fields, [], wrong);
                }

                continue;
            }

            if (path!.Read(row) is not { } value)
            {
                continue;
            }

            if (mapping.Transform == FieldTransform.Reference)
            {
                PendingReference.Add(ref references, mapping, value, mapping.Target);
                continue;
            }

            var fault = mapping.Transform switch
            {
                FieldTransform.Lines => RecordCheck.Set(fields, Type, mapping.Target, MappedLines.Read(Type, mapping, value, fields.Text("currency"), ref references)),
                _ when value.ValueKind is JsonValueKind.Object => $"{mapping.Source} is an object where a value was expected.",
                _ when value.ValueKind is JsonValueKind.Array || IsFree(mapping, value) => RecordCheck.Set(fields, Type, mapping.Target, value),
                _ => RecordCheck.Set(fields, Type, mapping.Target, MappedValue.Read(mapping, value, fields.Text("currency"))),
            };
            if (fault is not null)
            {
                return new MappedRow(fields, [], fault);
            }
        }

        if (fields.Count == 0)
        {
            return new MappedRow(fields, [], "The row has none of the mapped fields.");
        }

        if (references is not null)
        {
            return new MappedRow(fields, references, null) { Print = PrintOf(fields, references) };
        }

        var content = RecordContent.Of(Type, fields);
        return new MappedRow(fields, [], null) { Print = content.Print, Content = content };
    }

    /// <summary>The records that what goes out of a record leads to, by their data types.</summary>
    public IEnumerable<(string DataType, Guid Id)> ReferencesOf(RecordFields fields)
    {
        foreach (var mapping in _out.Select(field => field.Mapping))
        {
            var ids = mapping.Transform switch
            {
                FieldTransform.Reference => [(mapping.Reference!, fields.Text(mapping.Target))],
                FieldTransform.Lines when fields[mapping.Target] is JsonElement { ValueKind: JsonValueKind.Array } lines =>
                    from field in mapping.Items ?? []
                    where PendingReference.IsOne(field) && field.Directions.HasFlag(SyncDirections.Out)
                    from line in lines.EnumerateArray()
                    where line.TryGetProperty(field.Target, out _)
                    select (field.Reference!, line.GetProperty(field.Target).GetString()),
                _ => Enumerable.Empty<(string, string?)>(),
            };
            foreach (var (dataType, text) in ids)
            {
                if (RecordIds.TryParse(text, out var id))
                {
                    yield return (dataType, id);
                }
            }
        }
    }

    /// <summary>Makes the provider's fields of a record.</summary>
    /// <param name="references">Gives the provider's id of another record, by its data type and the hub's id; null when the provider does not have it.</param>
    /// <param name="emptied">The hub's fields that had a value once, and shall have none at the provider either.</param>
    public JsonObject Write(RecordFields fields, Func<string, Guid, string?> references, IReadOnlySet<string>? emptied = null, EmptiedAs emptiedAs = EmptiedAs.Nothing)
    {
        JsonObject row = [];
        if (Type == RecordTypes.Contacts && fields["name"] is null && RecordShape.MadeName(fields) is { } name)
        {
            // Whoever has names in parts goes out with a whole one too.
            fields = fields.Copy();
            fields["name"] = name;
        }

        var currency = fields.Text("currency");
        foreach (var (mapping, path) in _out)
        {
            var value = mapping.Constant is { } constant ? JsonValue.Create(constant)
                : fields[mapping.Target] is not { } present ? null
                : mapping.Transform switch
                {
                    FieldTransform.Reference => PendingReference.Write(mapping, fields.Text(mapping.Target), references),
                    FieldTransform.Lines => MappedLines.Write(mapping, (JsonElement)present, currency, references),
                    _ => MappedValue.Write(mapping, present, fields.Text(mapping.Target)!, currency),
                };
            if (value is not null)
            {
                path!.Write(row, value);
            }
        }

        if (emptied is not null && emptiedAs != EmptiedAs.Nothing)
        {
            WriteEmptied(row, fields, emptied, emptiedAs);
        }

        return row;
    }

    // Only texts: what empties a date, an amount or a link to another record differs, and some of them must not be empty. The same goes for null inside of an object, which
    // may be such a link.
    private void WriteEmptied(JsonObject row, RecordFields fields, IReadOnlySet<string> emptied, EmptiedAs emptiedAs)
    {
        var filled = _out.Where(field => field.Mapping.Constant is not null || fields[field.Mapping.Target] is not null).Select(field => field.Mapping.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var (mapping, path) in _out.Where(field => emptied.Contains(field.Mapping.Target) && !filled.Contains(field.Mapping.Source)
            && !(emptiedAs == EmptiedAs.Null && field.Mapping.Source.Contains('.', StringComparison.Ordinal))))
        {
            if (mapping.Transform is FieldTransform.None or FieldTransform.Trim or FieldTransform.Lowercase or FieldTransform.Uppercase && mapping.Values is null
                && Type.Find(mapping.Target)?.Kind is null or RecordFieldKind.Text or RecordFieldKind.LongText or RecordFieldKind.Email)
            {
                path!.Write(row, emptiedAs == EmptiedAs.Null ? null : JsonValue.Create(""));
            }
        }
    }

    /// <summary>
    /// Whether a provider's row says nothing besides a record and what was sent of it. Values that differ are the provider's form of it, and parts of one object (an address) are one; what was
    /// emptied and could not be emptied there is not taken back.
    /// </summary>
    public bool SaysNoMore(RecordFields row, RecordFields record, JsonObject sent, IReadOnlySet<string>? emptied)
    {
        var known = Read(JsonSerializer.SerializeToElement(sent)).Fields.Names.Concat(record.Names).Concat(emptied ?? Enumerable.Empty<string>()).Select(Whole).ToHashSet(StringComparer.Ordinal);
        return Targets.All(target => Defaults.Contains(target) || row[target] is null || known.Contains(Whole(target)));

        // Free fields are each one of their own.
        static string Whole(string name) => name.StartsWith(RecordTypes.CustomPrefix, StringComparison.Ordinal) ? name : name.Split('.')[0];
    }

    private static Guid PrintOf(RecordFields fields, List<PendingReference> references)
    {
        var all = fields.Copy();
        foreach (var reference in references)
        {
            all[reference.Target] = $"{reference.DataType}:{reference.ExternalId}";
        }

        return all.Print();
    }

    // Numbers and truth values of free fields stay what they are.
    private bool IsFree(FieldMapping mapping, JsonElement value) => value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        && mapping is { Transform: FieldTransform.None, Values: null } && Type.Find(mapping.Target) is null;

    private static bool NeedsCurrency(FieldMapping mapping) => mapping.Transform is FieldTransform.MinorUnits or FieldTransform.Lines;

    private static FieldPath? PathOf(FieldMapping mapping) => mapping.Source.Length > 0 ? FieldPath.Of(mapping.Source) : null;
}
