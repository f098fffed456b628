using System.Globalization;
using System.Net;
using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox;

/// <summary>GET /: what has been received, by name.</summary>
internal static class NamesPage
{
    public static void Map(WebApplication app, WebhookReceiver receiver) =>
        app.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'";
            return Results.Content(Render(receiver), "text/html; charset=utf-8");
        });

    private static string Render(WebhookReceiver receiver)
    {
        var rows = receiver.Names.Select(name => string.Create(
            CultureInfo.InvariantCulture,
            $"""<li><a href="/received/{Uri.EscapeDataString(name)}">{WebUtility.HtmlEncode(name)}</a> ({receiver.Count(name)})</li>"""));
        var list = string.Join('\n', rows);
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>:root { color-scheme: light dark; background: Canvas; font: 1rem/1.5 system-ui; } a { color: LinkText; }</style>
            <link rel="icon" href="data:,">
            <title>Sandbox</title>
            </head>
            <body>
            <main>
            <h1>Received webhooks</h1>
            {{(list.Length == 0 ? "<p>Nothing yet. Send to <code>/receive/{name}</code>.</p>" : $"<ul>\n{list}\n</ul>")}}
            </main>
            </body>
            </html>
            """;
    }
}
