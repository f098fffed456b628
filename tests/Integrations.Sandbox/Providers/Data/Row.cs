using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>One row of a table: a pure function of the table, its index and its revision, unless it was edited.</summary>
internal readonly struct Row(DataTable table, int index, RowChange? change)
{
    // A million rows, a minute apart, end before the clocks of tests begin.
    private static readonly DateTimeOffset _first = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _lag = TimeSpan.FromSeconds(30);

    public DataTable Table => table;

    public int Index => index;

    public int Revision => change?.Revision ?? 0;

    public DateTimeOffset Created => change?.Created ?? CreatedOf(index);

    public DateTimeOffset Updated => change?.Updated ?? UpdatedOf(index);

    public bool IsDeleted => change?.IsDeleted == true;

    public byte[]? Body => change?.Body;

    public string Id => table.Kind.ContentId is { } id ? id.Of(this) : table.Kind.Ids.Of(table.Number, index);

    public string? Key => Body is { } body ? table.Kind.KeyIn(Parsed(body)) : table.Kind.Key(this);

    /// <summary>All that the row is found by.</summary>
    public IEnumerable<string> Keys()
    {
        if (Body is { } body)
        {
            var element = Parsed(body);
            return new[] { table.Kind.KeyIn(element), table.Kind.AliasIn(element) }.OfType<string>();
        }

        return new[] { table.Kind.Key(this), table.Kind.Alias(this) }.OfType<string>();
    }

    public bool IsCalled(string key) => Keys().Contains(key, StringComparer.OrdinalIgnoreCase);

    public Dirt Dirt => table.Account.Owner.Dirt && index % 97 == 13 ? (Dirt)(1 + (index / 97 % 8)) : Dirt.None;

    public static DateTimeOffset CreatedOf(int index) => _first.AddMinutes(index);

    public static DateTimeOffset UpdatedOf(int index) => CreatedOf(index) + _lag;

    /// <summary>The first index whose row, as generated, was updated at or after this time.</summary>
    public static int FirstUpdatedSince(DateTimeOffset time) => (int)Math.Clamp(Math.Ceiling((time - _first - _lag).TotalMinutes), 0, int.MaxValue);

    public static int FirstCreatedSince(DateTimeOffset time) => (int)Math.Clamp(Math.Ceiling((time - _first).TotalMinutes), 0, int.MaxValue);

    /// <summary>A number that looks random; another for each purpose, and with <paramref name="revised"/> for each revision.</summary>
    public uint Hash(int purpose, bool revised = false)
    {
        var x = ((ulong)(uint)index << 32) ^ ((ulong)(uint)purpose * 0x9E3779B97F4A7C15) ^ table.Seed ^ (revised ? (ulong)(uint)Revision * 0xD1B54A32D192ED03 : 0);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return (uint)((x ^ (x >> 31)) >> 16);
    }

    public T Pick<T>(ReadOnlySpan<T> of, int purpose, bool revised = false) => of[(int)(Hash(purpose, revised) % (uint)of.Length)];

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Body is { } body)
        {
            writer.WriteRawValue(body, skipInputValidation: true);
        }
        else
        {
            table.Kind.Write(writer, this);
        }
    }

    /// <summary>The row as the provider has it.</summary>
    public JsonObject ToObject() => JsonNode.Parse(ToBytes())!.AsObject();

    public JsonElement ToElement() => Parsed(ToBytes());

    private byte[] ToBytes()
    {
        if (Body is { } body)
        {
            return body;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, DataAnswer.Options);
        table.Kind.Write(writer, this);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static JsonElement Parsed(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        return JsonElement.ParseValue(ref reader);
    }
}
