namespace Integrations.Sandbox.Providers.Xero;

internal static class XeroScopes
{
    private static readonly string[] _readable =
        ["contacts", "invoices", "payments", "banktransactions", "settings", "classicexpenses", "manualjournals", "attachments", "transactions"];

    /// <summary>Those of apps made since March 2026, and the older <c>accounting.transactions</c> and <c>accounting.reports.read</c>, which work until September 2027.</summary>
    public static IReadOnlyCollection<string> All { get; } =
    [
        "offline_access", "openid", "profile", "email", "accounting.reports.read",
        .. _readable.Select(name => $"accounting.{name}"), .. _readable.Select(name => $"accounting.{name}.read"),
    ];
}
