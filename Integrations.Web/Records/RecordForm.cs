using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Web.Records;

/// <summary>The texts of a record's form. Only what was changed is sent, so that a value that a form cannot show in full is not cut.</summary>
public sealed class RecordForm
{
    public const int MaxFreeName = 100;

    private readonly RecordType _type;
    private readonly Dictionary<string, string> _before = new(StringComparer.Ordinal);
    private readonly string _linesBefore;
    private readonly List<string> _freeBefore = [];

    private RecordForm(RecordType type, RecordFields fields)
    {
        _type = type;
        foreach (var field in type.Fields.Where(field => field.Kind != RecordFieldKind.Lines))
        {
            _before[field.Name] = Values[field.Name] = TextOf(field, fields);
        }

        // What is an object or a list needs more than a line, and stays as it is.
        foreach (var name in TakesFree ? fields.Names.Where(name => name.StartsWith(RecordTypes.CustomPrefix, StringComparison.Ordinal) && fields[name] is not JsonElement) : [])
        {
            Free.Add(new FreeField(name[RecordTypes.CustomPrefix.Length..], fields[name]!, fields.Text(name)!));
        }

        _freeBefore.AddRange(Free.Select(field => field.Name));
        if (LinesField is { } lines && fields[lines.Name] is JsonElement { ValueKind: JsonValueKind.Array } rows)
        {
            Lines.AddRange(rows.EnumerateArray().Select(row => lines.Items.ToDictionary(
                item => item.Name, item => row.TryGetProperty(item.Name, out var value) ? value.ToString() : "", StringComparer.Ordinal)));
        }

        _linesBefore = JsonSerializer.Serialize(Lines);
    }

    /// <summary>By the names of the fields; empty for no value.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public List<Dictionary<string, string>> Lines { get; } = [];

    public List<FreeField> Free { get; } = [];

    public bool TakesFree => !_type.IsGeneric && _type.Takes(RecordTypes.CustomPrefix + "any");

    public RecordField? LinesField => _type.Fields.FirstOrDefault(known => known.Kind == RecordFieldKind.Lines);

    public static RecordForm For(RecordType type, RecordFields? fields) => new(type, fields ?? new RecordFields());

    public void AddLine() => Lines.Add(LinesField!.Items.ToDictionary(item => item.Name, _ => "", StringComparer.Ordinal));

    /// <summary>The changed fields as a request's body; null takes a value away.</summary>
    /// <exception cref="Refusal">A free field has no name, or two have the same.</exception>
    public JsonElement ToBody()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in _type.Fields.Where(field => field.Kind != RecordFieldKind.Lines && Values[field.Name] != _before[field.Name]))
            {
                writer.WritePropertyName(field.Name);
                Write(writer, field, Values[field.Name].Trim());
            }

            if (LinesField is { } lines && JsonSerializer.Serialize(Lines) != _linesBefore)
            {
                WriteLines(writer, lines);
            }

            WriteFree(writer);
            writer.WriteEndObject();
        }

        Utf8JsonReader reader = new(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static string TextOf(RecordField field, RecordFields fields) => (field.Kind, fields[field.Name]) switch
    {
        (RecordFieldKind.Tags, JsonElement { ValueKind: JsonValueKind.Array } tags) => string.Join(", ", tags.EnumerateArray().Select(tag => tag.ToString())),
        // As the browser's own field for moments has it.
        (RecordFieldKind.Time, string text) when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) =>
            time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        _ => fields.Text(field.Name) ?? "",
    };

    private static void Write(Utf8JsonWriter writer, RecordField field, string text)
    {
        switch (field.Kind)
        {
            case var _ when text.Length == 0:
                writer.WriteNullValue();
                break;
            case RecordFieldKind.Flag:
                writer.WriteBooleanValue(text == "true");
                break;
            case RecordFieldKind.Tags:
                writer.WriteStartArray();
                foreach (var tag in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    writer.WriteStringValue(tag);
                }

                writer.WriteEndArray();
                break;
            default:
                // The service reads numbers and days from texts, and says at which field one cannot be read.
                writer.WriteStringValue(text);
                break;
        }
    }

    private void WriteFree(Utf8JsonWriter writer)
    {
        List<FreeField> given = [.. Free.Where(field => field.Name.Trim().Length + field.Value.Trim().Length > 0)];
        if (given.Exists(field => field.Name.Trim().Length == 0))
        {
            throw Refusal.Invalid(RecordTypes.CustomFields, "A custom field needs a name.");
        }

        var names = given.Select(field => field.Name.Trim()).ToHashSet(StringComparer.Ordinal);
        if (given.GroupBy(field => field.Name.Trim(), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Refusal.Invalid(RecordTypes.CustomFields, $"There are two custom fields with the name {twice.Key}.");
        }

        List<string> gone = [.. _freeBefore.Where(name => !names.Contains(name))];
        List<FreeField> changed = [.. given.Where(field => field.IsChanged)];
        if (gone.Count + changed.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(RecordTypes.CustomFields);
        gone.ForEach(writer.WriteNull);
        foreach (var field in changed)
        {
            writer.WritePropertyName(field.Name.Trim());
            field.WriteValue(writer);
        }

        writer.WriteEndObject();
    }

    private void WriteLines(Utf8JsonWriter writer, RecordField lines)
    {
        writer.WriteStartArray(lines.Name);
        foreach (var line in Lines.Where(line => line.Values.Any(value => value.Trim().Length > 0)))
        {
            writer.WriteStartObject();
            foreach (var item in lines.Items.Where(item => line[item.Name].Trim().Length > 0))
            {
                writer.WritePropertyName(item.Name);
                Write(writer, item, line[item.Name].Trim());
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
