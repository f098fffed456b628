using System.Globalization;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>What is sold, invoiced and paid. Amounts are in minor units, so that every provider's form of them is exact.</summary>
internal static class TradeFacts
{
    public static string Product(this Row row) => row.Dirt switch
    {
        Dirt.OddLetters => "Café ☕ قهوة",
        Dirt.ControlCharacters => "19\" \"Rack\"\nMount",
        _ => $"{row.Pick(Words.ProductQualities, 20)} {row.Pick(Words.ProductThings, 21)}",
    };

    /// <summary>Among the rows of this number no other has it.</summary>
    public static string Sku(this Row row) => string.Create(CultureInfo.InvariantCulture, $"SKU-{row.Index:000000}");

    public static string UniqueProduct(this Row row) => string.Create(CultureInfo.InvariantCulture, $"{row.Product()} {row.Index}");

    public static string Description(this Row row) => $"{row.Product()}, {row.Pick(Words.Titles, 22, revised: true)} edition";

    public static string Currency(this Row row) => row.Pick(Words.Currencies, 23);

    public static long Price(this Row row) => 100 * (1 + (row.Hash(24, revised: true) % 500));

    public static int Lines(this Row row) => 1 + (int)(row.Hash(25) % 3);

    /// <summary>What a line is for is <c>row.Of("products", LineProduct + line)</c>.</summary>
    public const int LineProduct = 26;

    public static (int Quantity, long UnitPrice) Line(this Row row, int line) =>
        (1 + (int)(row.Hash(30 + line, revised: true) % 5), 100 * (1 + (row.Hash(34 + line) % 300)));

    public static long Total(this Row row)
    {
        var total = 0L;
        for (var line = 0; line < row.Lines(); line++)
        {
            var (quantity, price) = row.Line(line);
            total += quantity * price;
        }

        return total;
    }

    /// <summary>Who the row is for: one of those that were there from the start.</summary>
    public static Row Of(this Row row, string type, int purpose = 40)
    {
        var table = row.Table.Account[type];
        return table.RowAt((int)(row.Hash(purpose) % (uint)Math.Max(1, table.Generated)));
    }

    public static string Number(this Row row, string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{row.Index + 1:000000}");

    public static DateTimeOffset Due(this Row row) => row.Created.AddDays(30);

    public static bool IsPaid(this Row row) => row.Hash(41, revised: true) % 3 != 0;

    public static decimal Major(this long minor) => minor / 100m;
}
