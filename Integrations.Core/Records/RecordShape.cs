using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Integrations.Core.Records;

/// <summary>What lists, searches and reports know of a record, made from its values.</summary>
internal sealed record RecordShape(
    string Name, string Search, long? MatchHash, string? Status, string? Kind, long? Amount, long? Balance, string? Currency, DateTimeOffset? Date, DateTimeOffset? DueDate, Guid? ContactId,
    Guid? InvoiceId)
{
    public static RecordShape Of(RecordType type, RecordFields fields)
    {
        var name = Cut(NameOf(type, fields), Record.MaxNameLength);
        return new RecordShape(
            name, SearchOf(type, fields, name), MatchHashOf(type, fields), CutOrNull(fields.Text("status"), 40), type.KindField is { } kind ? fields.Text(kind) : null, Scaled(fields.Number("amount") ?? fields.Number("unitPrice")), Scaled(fields.Number("balance")), fields.Text("currency"),
            Day(fields.Text("date") ?? fields.Text("paidAt")), Day(fields.Text("dueDate")), Id(fields, "contactId"), Id(fields, "invoiceId"));
    }

    /// <summary>By which the same thing of another provider is known; null for none.</summary>
    public static string? MatchKeyOf(RecordType type, RecordFields fields)
    {
        var key = type.MatchField is { } field ? fields.Text(field)?.Trim().ToLowerInvariant() : null;
        return key is { Length: > 0 and <= Record.MaxKeyLength } ? key : null;
    }

    /// <summary>The hash of a record's key.</summary>
    public static long? MatchHashOf(RecordType type, RecordFields fields) => MatchHashOf(type, MatchKeyOf(type, fields));

    /// <summary>
    /// A number that stands for a key, by which it is looked up: its index takes a fraction of the room that keys take, and so of what a sync of many rows writes. What is found
    /// has the key nearly surely; whether it has, its values tell.
    /// </summary>
    /// <returns>The first eight bytes of the SHA-256 of the type and the key, without a sign; null without a key.</returns>
    public static long? MatchHashOf(RecordType type, string? key)
    {
        if (key is null)
        {
            return null;
        }

        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Record.MaxKeyLength + 41)];
        var length = Encoding.UTF8.GetBytes(type.Name, text);
        text[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(key, text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue;
    }

    /// <summary>What people call a record: its name or number, else what its parts make.</summary>
    private static string NameOf(RecordType type, RecordFields fields)
    {
        if ((fields.Text("name") ?? fields.Text("number")) is { } own)
        {
            return own;
        }

        return MadeName(fields) ?? fields.Text("sku") ?? fields.Text("description")
            ?? (fields.Number("amount") is { } amount ? $"{amount.ToString("0.00##", CultureInfo.InvariantCulture)} {fields.Text("currency")}".TrimEnd() : $"Unnamed {type.Singular}");
    }

    /// <summary>What a contact without a name is called: by the parts of its name, its company, or where it is reached. Null when it has none of them.</summary>
    public static string? MadeName(RecordFields fields)
    {
        var parts = string.Join(' ', new[] { fields.Text("firstName"), fields.Text("lastName") }.OfType<string>());
        return parts.Length > 0 ? parts : fields.Text("companyName") ?? fields.Text("company") ?? fields.Text("email") ?? fields.Text("phone");
    }

    // Each text once. Syncs make one for each row, so that it is built in place.
    private static string SearchOf(RecordType type, RecordFields fields, string name)
    {
        Span<char> search = stackalloc char[Record.MaxSearchLength];
        name.AsSpan().ToLowerInvariant(search);
        var length = name.Length;
        for (var i = 0; i < type.SearchFields.Count && length < search.Length - 1; i++)
        {
            if (fields.Text(type.SearchFields[i]) is { } text && !IsTaken(i, text))
            {
                search[length++] = ' ';
                var part = Cut(text, Math.Min(text.Length, search.Length - length));
                part.AsSpan().ToLowerInvariant(search[length..]);
                length += part.Length;
            }
        }

        return new string(search[..length]);

        bool IsTaken(int before, string text)
        {
            var isTaken = text.Equals(name, StringComparison.OrdinalIgnoreCase);
            for (var i = 0; i < before && !isTaken; i++)
            {
                isTaken = text.Equals(fields.Text(type.SearchFields[i]), StringComparison.OrdinalIgnoreCase);
            }

            return isTaken;
        }
    }

    private static long? Scaled(decimal? amount) => amount is { } value && Math.Abs(value) < long.MaxValue / Record.MoneyScale ? (long)(value * Record.MoneyScale) : null;

    private static DateTimeOffset? Day(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static Guid? Id(RecordFields fields, string name) => fields.Text(name) is { } text && RecordIds.TryParse(text, out var id) ? id : null;

    // Never in the middle of a character that takes two places.
    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string? CutOrNull(string? text, int length) => text is null ? null : Cut(text, length);
}
