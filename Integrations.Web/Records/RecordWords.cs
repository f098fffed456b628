using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Web.Shared;

namespace Integrations.Web.Records;

/// <summary>Records in words, the same on every page.</summary>
public static partial class RecordWords
{
    public static string Href(string type, Guid id) => $"/records/{type}?record={RecordIds.Format(type, id)}";

    /// <summary>The page of a record by its public id, whose type the reference names; null for a text that is none.</summary>
    public static string? Href(string type, string? id) => RecordIds.TryParse(id, out _) ? $"/records/{type}?record={id}" : null;

    public static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>"1,234.50 USD".</summary>
    public static string Money(decimal? amount, string? currency) => amount is { } value
        ? $"{value.ToString("N" + Math.Max(ValueForms.DecimalsOf(currency), Decimals(value)), CultureInfo.CurrentCulture)} {currency}".TrimEnd()
        : "—";

    /// <summary>"26 Nov 2026" for a day as records keep it.</summary>
    public static string Day(string? day) => ParseDay(day) is { } parsed ? parsed.ToString("d MMM yyyy", CultureInfo.InvariantCulture) : day ?? "—";

    public static DateOnly? ParseDay(string? day) => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;

    /// <summary>"12 days overdue" for what should have been paid; null for all else.</summary>
    public static string? Overdue(RecordFields fields, DateTimeOffset now)
    {
        if (fields.Text("status") != "open" || ParseDay(fields.Text("dueDate")) is not { } due)
        {
            return null;
        }

        var days = DateOnly.FromDateTime(now.UtcDateTime).DayNumber - due.DayNumber;
        return days <= 0 ? null : days == 1 ? "1 day overdue" : $"{Number(days)} days overdue";
    }

    /// <summary>"Unsubscribed" for a word of a field.</summary>
    public static string Word(string word) => word.Length == 0 ? word : string.Concat(char.ToUpperInvariant(word[0]).ToString(), word.AsSpan(1));

    /// <summary>The word of a record's status, or null when its type has none.</summary>
    public static string? Status(RecordRow row) => row.Fields.Text("status") is { } status ? Word(status)
        : row.Fields["isActive"] is bool active ? active ? "Active" : "Inactive"
        : null;

    /// <summary>Who set a value, in words.</summary>
    public static string Source(string source, ConnectorCatalog catalog) => source switch
    {
        RecordSource.Member => "Entered here",
        RecordSource.Program => "Over the API",
        RecordSource.Import => "Imported",
        _ => catalog.Find(source)?.Info.Name ?? source,
    };

    /// <summary>"customFields.tier" is "tier", "address.city" without a field of its own stays.</summary>
    public static string Label(RecordType type, string name) =>
        type.Find(name)?.Label ?? (name.StartsWith(RecordTypes.CustomPrefix, StringComparison.Ordinal) ? name[RecordTypes.CustomPrefix.Length..] : name);

    /// <summary>A value as pages show it; null for what needs more than a line.</summary>
    public static string? Value(RecordField? field, RecordFields fields, string name) => (field?.Kind, fields[name]) switch
    {
        (_, null) => "—",
        (RecordFieldKind.Money, decimal amount) => Money(amount, fields.Text("currency")),
        (_, decimal number) => number.ToString("#,0.############", CultureInfo.CurrentCulture),
        (_, bool flag) => flag ? "Yes" : "No",
        (RecordFieldKind.Date, string day) => Day(day),
        (RecordFieldKind.Word, string word) => Word(word),
        (RecordFieldKind.Tags, JsonElement { ValueKind: JsonValueKind.Array } tags) => string.Join(", ", tags.EnumerateArray().Select(tag => tag.ToString())),
        (_, JsonElement) => null,
        var (_, value) => value.ToString(),
    };

    /// <summary>A value in a history, short enough for a line.</summary>
    public static string Change(string? value) => value is null ? "nothing" : value.Length <= 120 ? value : value[..119] + "…";

    /// <summary>"Line 2, quantity must be …" for what a program is told about lines[1].quantity.</summary>
    public static string LineFault(string message) => LineName().Replace(
        message, match => $"Line {int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture) + 1}, {Capital().Replace(match.Groups["name"].Value, part => " " + part.Value.ToLowerInvariant())}");

    private static int Decimals(decimal value) => Math.Min(4, (int)(value / 1.0000000000000000000000000000m).Scale);

    [GeneratedRegex(@"lines\[(?<index>\d{1,4})\]\.(?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LineName();

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Capital();
}
