using System.Globalization;

namespace Integrations.Sandbox.Providers;

/// <summary>The account at the provider that a consent is given for. Everything about it follows from its number, so it is the same in every run.</summary>
/// <param name="Number">From 1.</param>
public sealed record SandboxAccount(string Provider, int Number)
{
    private static readonly string[] _companies =
        ["Harbour Coffee Roasters", "Bluebird Books", "Copper Kettle Bakery", "Meridian Cycles", "Larkspur Florists", "Granite Peak Outdoor"];

    private static readonly string[] _people = ["Aisha Rahman", "Tomas Lindqvist", "Mei Ling Tan", "Daniel Okafor", "Priya Nair", "Sofia Marino"];

    public string Company => _companies[(Number - 1) % _companies.Length];

    public string Person => _people[(Number - 1) % _people.Length];

    public string Email => $"{Person.Split(' ')[0].ToLowerInvariant()}@{Company.Split(' ')[0].ToLowerInvariant()}.example";

    public string Hex(string purpose, int length) => Mint.Hex(length, Provider, purpose, Number);

    public string Digits(string purpose, int length) => Mint.Digits(length, Provider, purpose, Number);

    public string Letters(string purpose, int length) => Mint.Letters(length, Provider, purpose, Number).ToUpperInvariant();

    public string Guid(string purpose) => Mint.Guid(Provider, purpose, Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Company} ({Number})");
}
