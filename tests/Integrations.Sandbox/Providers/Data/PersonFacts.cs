using System.Globalization;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>Who a row is, where it is a person or a company. What changes with the revision: phones, title and address; what the row is found by stays.</summary>
internal static class PersonFacts
{
    private static readonly string _long = string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 28)).Trim();

    public static string? FirstName(this Row row) => row.Dirt switch
    {
        Dirt.NoName => null,
        Dirt.OddLetters => "Zoë 👩‍🚀 مريم",
        Dirt.ControlCharacters => "Ann \"Al\\ice\"\u0007",
        _ => row.Pick(Words.FirstNames, 1),
    };

    public static string? LastName(this Row row) => row.Dirt switch
    {
        Dirt.NoName => null,
        Dirt.OddLetters => "Ńoẽl 🌷 עברית",
        Dirt.ControlCharacters => "O'Hara\tof\nLine Two\u0001",
        Dirt.LongName => _long,
        _ => row.Pick(Words.LastNames, 2),
    };

    public static string? FullName(this Row row) => row.Dirt == Dirt.NoName ? null : $"{row.FirstName()} {row.LastName()}";

    /// <summary>One that no other row has, for providers where names are unique.</summary>
    public static string UniqueName(this Row row) => string.Create(CultureInfo.InvariantCulture, $"{row.FullName() ?? row.Company()} {row.Index}");

    public static string? Email(this Row row)
    {
        if (row.Dirt == Dirt.NoEmail)
        {
            return null;
        }

        // The row before is never dirty itself.
        return row.Dirt == Dirt.SameEmail ? row.Table.RowAt(row.Index - 1).SureEmail() : row.SureEmail();
    }

    /// <summary>For providers that know no contact without an address, and no two with the same.</summary>
    public static string SureEmail(this Row row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.Pick(Words.FirstNames, 1)}.{row.Pick(Words.LastNames, 2)}@{row.Index}.{row.Pick(Words.Domains, 3)}").ToLowerInvariant();

    public static string Company(this Row row) => row.Pick(Words.Companies, 4);

    public static string Phone(this Row row) => string.Create(CultureInfo.InvariantCulture, $"+1 503 555 {row.Hash(5, revised: true) % 10_000:0000}");

    public static string Mobile(this Row row) => string.Create(CultureInfo.InvariantCulture, $"+60 12-{row.Hash(6, revised: true) % 10_000_000:0000000}");

    public static string Title(this Row row) => row.Pick(Words.Titles, 7, revised: true);

    public static string Street(this Row row) => string.Create(CultureInfo.InvariantCulture, $"{1 + (row.Hash(8, revised: true) % 200)} {row.Pick(Words.Streets, 9, revised: true)}");

    public static (string City, string State, string Zip, string Country, string CountryName) Place(this Row row) => row.Pick(Words.Places, 10);

    public static string Website(this Row row) => $"https://{row.Pick(Words.Domains, 3)}";
}
