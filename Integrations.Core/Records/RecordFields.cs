using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Integrations.Core.Records;

/// <summary>
/// The values of a record by the names of its fields: texts, decimal numbers, truth values, and JSON for lists and free fields. A field without a value is not there. It is
/// kept flat (<c>address.city</c>), and written in one form only, so that equal records have equal prints.
/// </summary>
public sealed class RecordFields
{
    private static readonly JsonWriterOptions _compact = new() { SkipValidation = true };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _output;

    private readonly Dictionary<string, object> _values;

    public RecordFields() => _values = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <param name="capacity">How many values there may be.</param>
    public RecordFields(int capacity) => _values = new Dictionary<string, object>(capacity, StringComparer.Ordinal);

    private RecordFields(Dictionary<string, object> values) => _values = values;

    public int Count => _values.Count;

    public IEnumerable<string> Names => _values.Keys.Order(StringComparer.Ordinal);

    /// <summary>A <see cref="string"/>, <see cref="decimal"/>, <see cref="bool"/> or <see cref="JsonElement"/>; null for no value, and to take one away.</summary>
    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (value is null or "")
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    public string? Text(string name) => _values.GetValueOrDefault(name) switch
    {
        string text => text,
        decimal number => NumberText(number),
        bool flag => flag ? "true" : "false",
        JsonElement json => json.GetRawText(),
        _ => null,
    };

    public decimal? Number(string name) => _values.GetValueOrDefault(name) as decimal?;

    public RecordFields Copy() => new(new Dictionary<string, object>(_values, StringComparer.Ordinal));

    /// <summary>The one form: names in order, numbers without needless zeros.</summary>
    public byte[] ToJson()
    {
        // Syncs make one for each row, so what it takes to write is kept.
        var (buffer, writer) = _output ??= MakeOutput();
        buffer.ResetWrittenCount();
        writer.Reset();
        var names = _values.Keys.ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (var name in names)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, _values[name]);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case decimal number:
                writer.WriteRawValue(NumberText(number), skipInputValidation: true);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case JsonElement json:
                json.WriteTo(writer);
                break;
            default:
                throw new InvalidOperationException($"A record cannot hold a {value.GetType().Name}.");
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static RecordFields Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        RecordFields fields = new();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            fields._values[member.Name] = member.Value.ValueKind switch
            {
                JsonValueKind.String => member.Value.GetString()!,
                JsonValueKind.Number => member.Value.GetDecimal(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => member.Value.Clone(),
            };
        }

        return fields;
    }

    /// <summary>A print of content in its one form: the first half of its SHA-256.</summary>
    public static Guid PrintOf(ReadOnlySpan<byte> json)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    public Guid Print() => PrintOf(ToJson());

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) MakeOutput()
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        return (buffer, new Utf8JsonWriter(buffer, _compact));
    }

    private static string NumberText(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
