using System.Globalization;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>Turns the place of a row into an id of the provider's form, and back, so that no row has to be kept for its id to be found.</summary>
/// <param name="make">From the number of the account's table and the row's index.</param>
/// <param name="read">Null for an id that is none of this form.</param>
internal sealed class RowIds(Func<int, int, string> make, Func<string, (int Table, int Index)?> read)
{
    private const int AnyTable = -1;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public string Of(int table, int index) => make(table, index);

    public int? IndexOf(int table, string id) => read(id) is var (of, index) && (of == table || of == AnyTable) ? index : null;

    /// <summary>A prefix and this many letters and digits, such as <c>cus_</c> with 14.</summary>
    public static RowIds Prefixed(string prefix, int length, string suffix = "") => new(
        (table, index) => string.Create(prefix.Length + length + suffix.Length, (prefix, length, suffix, table, index), static (text, parts) =>
        {
            parts.prefix.CopyTo(text);
            Base36(text.Slice(parts.prefix.Length, parts.length - 7), parts.table);
            Base36(text.Slice(parts.prefix.Length + parts.length - 7, 7), parts.index);
            parts.suffix.CopyTo(text[(parts.prefix.Length + parts.length)..]);
        }),
        id => id.Length >= prefix.Length + length && id.StartsWith(prefix, StringComparison.Ordinal)
            && Base36(id.AsSpan(prefix.Length, length - 7)) is { } table && Base36(id.AsSpan(prefix.Length + length - 7, 7)) is { } index
                ? (table, index)
                : null);

    /// <summary>Numbers that go up from a first one.</summary>
    public static RowIds Numbers(long first) => new(
        (table, index) => (first + (table * 1_000_000_000L) + index).ToString(CultureInfo.InvariantCulture),
        id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= first
            ? ((int)((number - first) / 1_000_000_000), (int)((number - first) % 1_000_000_000))
            : null);

    /// <summary>From 1, in every account.</summary>
    public static RowIds Counted { get; } = new(
        (_, index) => (index + 1).ToString(CultureInfo.InvariantCulture),
        id => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? (AnyTable, number - 1) : null);

    public static RowIds Guids(string type)
    {
        var head = Mint.Hex(8, "row", type);
        return new(
            (table, index) => string.Create(CultureInfo.InvariantCulture, $"{head}-{table:x4}-4b1d-a000-{index:x12}"),
            id => id.Length == 36 && id.StartsWith(head, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(id.AsSpan(9, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var table)
                && int.TryParse(id.AsSpan(24), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var index)
                    ? (table, index)
                    : null);
    }

    private static void Base36(Span<char> text, int number)
    {
        for (var i = text.Length - 1; i >= 0; i--, number /= 36)
        {
            text[i] = Digits[number % 36];
        }
    }

    private static int? Base36(ReadOnlySpan<char> text)
    {
        long number = 0;
        foreach (var c in text)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0 || number > int.MaxValue)
            {
                return null;
            }

            number = (number * 36) + digit;
        }

        return number <= int.MaxValue ? (int)number : null;
    }
}
