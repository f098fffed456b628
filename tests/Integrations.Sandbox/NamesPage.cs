using System.Globalization;
using System.Net;
using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox;

/// <summary>GET /: what has been received, by name.</summary>
internal static class NamesPage
{
    public static void Map(WebApplication app, WebhookReceiver receiver) => app.MapGet("/", (HttpContext context) => PageFrame.Show(context, "Sandbox", Render(receiver)));

    private static string Render(WebhookReceiver receiver)
    {
        var rows = receiver.Names.Select(name => string.Create(
            CultureInfo.InvariantCulture,
            $"""<li><a href="/received/{Uri.EscapeDataString(name)}">{WebUtility.HtmlEncode(name)}</a> ({receiver.Count(name)})</li>"""));
        var list = string.Join('\n', rows);
        return $"""
            <h1>Received webhooks</h1>
            {(list.Length == 0 ? "<p>Nothing yet. Send to <code>/receive/{name}</code>.</p>" : $"<ul>\n{list}\n</ul>")}
            """;
    }
}
