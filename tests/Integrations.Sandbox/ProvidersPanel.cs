using System.Globalization;
using System.Net;
using System.Text;
using Integrations.Sandbox.Providers;

namespace Integrations.Sandbox;

/// <summary>The providers on the root page, and what they were made to do.</summary>
internal static class ProvidersPanel
{
    private const int ShownOfContent = 400;

    public static string Providers(ProviderCatalogue catalogue) => Table(
        "Providers",
        ["Provider", "Account", "Grants", "Calls", "Sent", "Refused as wrong"],
        catalogue.All.Select(provider => (string[])
        [
            $"""<a href="/control/{provider.Key}">{Text(provider.Name)}</a>""",
            Text(provider.Control.Account.Company),
            Number(provider.Control.LiveGrants),
            Number(provider.Control.Calls.Count),
            Number(provider.Control.Sent.Count),
            Number(provider.Control.Violations.Count),
        ]));

    /// <summary>The newest first.</summary>
    public static string Violations(ProviderCatalogue catalogue) => List(
        "Requests that the real provider would have refused",
        ["Provider", "Request", "Rule"],
        catalogue.All.SelectMany(provider => provider.Control.Violations).OrderByDescending(violation => violation.At)
            .Select(violation => (string[])[Text(violation.Provider), Text(violation.Request), Text(violation.Rule)]));

    public static string Sent(ProviderCatalogue catalogue) => List(
        "Sent through the providers",
        ["Provider", "Action", "What", "Content"],
        catalogue.All.SelectMany(provider => provider.Control.Sent).OrderByDescending(item => item.At).Select(item => (string[])
        [
            Text(item.Provider),
            Text(item.Action),
            Text(string.Join("; ", item.Values.Select(value => $"{value.Key}: {value.Value}"))),
            Text(Encoding.UTF8.GetString(item.Content.Span[..Math.Min(item.Content.Length, ShownOfContent)])),
        ]));

    private static string List(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var shown = rows.Take(50).ToList();
        return shown.Count == 0 ? "" : $"<h2>{title}</h2>\n{Table(title, columns, shown)}";
    }

    // The region scrolls on a narrow screen, so it takes the keyboard's focus.
    private static string Table(string title, string[] columns, IEnumerable<string[]> rows) => $"""
        <div class="table" role="region" aria-label="{title}" tabindex="0">
        <table>
        <tr>{string.Concat(columns.Select(column => $"<th scope=\"col\">{column}</th>"))}</tr>
        {string.Join('\n', rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>"))}
        </table>
        </div>
        """;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
