using System.Net;

namespace Integrations.Sandbox;

/// <summary>What every page of the sandbox has in common.</summary>
internal static class PageFrame
{
    // No form-action: Chromium applies it to the redirect that follows a form, and the consent page's leads to the app.
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

    /// <param name="main">HTML.</param>
    public static IResult Show(HttpContext context, string title, string main, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        return Results.Content($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            :root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui; }
            main { max-width: 60rem; margin-inline: auto; overflow-wrap: anywhere; }
            a { color: LinkText; }
            button { font: inherit; min-height: 2.75rem; padding-inline: 1.5rem; }
            .table { overflow-x: auto; }
            table { border-collapse: collapse; }
            th, td { padding: 0.25rem 1rem 0.25rem 0; text-align: start; vertical-align: top; }
            </style>
            <link rel="icon" href="data:,">
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            </head>
            <body>
            <main>
            {{main}}
            </main>
            </body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }
}
