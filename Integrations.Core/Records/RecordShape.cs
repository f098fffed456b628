using System.Globalization;
using System.Text;

namespace Integrations.Core.Records;

/// <summary>What lists, searches and reports know of a record, made from its values.</summary>
internal sealed record RecordShape(
    string Name, string Search, string? MatchKey, string? Status, string? Kind, long? Amount, long? Balance, string? Currency, DateTimeOffset? Date, DateTimeOffset? DueDate, Guid? ContactId,
    Guid? InvoiceId)
{
    public static RecordShape Of(RecordType type, RecordFields fields)
    {
        var name = Cut(NameOf(type, fields), Record.MaxNameLength);
        return new RecordShape(
            name, SearchOf(type, fields, name), MatchKeyOf(type, fields), CutOrNull(fields.Text("status"), 40), type.KindField is { } kind ? fields.Text(kind) : null, Scaled(fields.Number("amount") ?? fields.Number("unitPrice")), Scaled(fields.Number("balance")), fields.Text("currency"),
            Day(fields.Text("date") ?? fields.Text("paidAt")), Day(fields.Text("dueDate")), Id(fields, "contactId"), Id(fields, "invoiceId"));
    }

    /// <summary>By which the same thing of another provider is known; null for none.</summary>
    public static string? MatchKeyOf(RecordType type, RecordFields fields)
    {
        var key = type.MatchField is { } field ? fields.Text(field)?.Trim().ToLowerInvariant() : null;
        return key is { Length: > 0 and <= Record.MaxKeyLength } ? key : null;
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
        StringBuilder search = new(name, Record.MaxSearchLength);
        List<string> taken = [name];
        foreach (var field in type.SearchFields)
        {
            if (fields.Text(field) is { } text && !taken.Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                taken.Add(text);
                search.Append(' ').Append(text);
            }
        }

        return Cut(search.ToString().ToLowerInvariant(), Record.MaxSearchLength);
    }

    private static long? Scaled(decimal? amount) => amount is { } value && Math.Abs(value) < long.MaxValue / Record.MoneyScale ? (long)(value * Record.MoneyScale) : null;

    private static DateTimeOffset? Day(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static Guid? Id(RecordFields fields, string name) => fields.Text(name) is { } text && RecordIds.TryParse(text, out var id) ? id : null;

    // Never in the middle of a character that takes two places.
    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string? CutOrNull(string? text, int length) => text is null ? null : Cut(text, length);
}
