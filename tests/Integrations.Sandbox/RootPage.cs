using System.Globalization;
using System.Net;
using Integrations.Sandbox.Providers;
using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox;

/// <summary>GET /: the providers with their state, and what has been received, by name.</summary>
internal static class RootPage
{
    public static void Map(WebApplication app, WebhookReceiver receiver, ProviderCatalogue catalogue) =>
        app.MapGet("/", (HttpContext context) => PageFrame.Show(context, "Sandbox", $$"""
            <h1>Sandbox</h1>
            <h2>Providers</h2>
            {{ProvidersPanel.Providers(catalogue)}}
            <p>Change one with <code>PUT /control/{provider}</code> and any of {{WebUtility.HtmlEncode(ControlSetting.Help)}}; its rows with {{WebUtility.HtmlEncode(DataSetting.Help)}}; <code>DELETE</code> puts it back.</p>
            {{ProvidersPanel.Violations(catalogue)}}
            {{ProvidersPanel.Sent(catalogue)}}
            <h2>Received webhooks</h2>
            {{Received(receiver)}}
            """));

    private static string Received(WebhookReceiver receiver)
    {
        var rows = receiver.Names.Select(name => string.Create(
            CultureInfo.InvariantCulture,
            $"""<li><a href="/received/{Uri.EscapeDataString(name)}">{WebUtility.HtmlEncode(name)}</a> ({receiver.Count(name)})</li>"""));
        var list = string.Join('\n', rows);
        return list.Length == 0 ? "<p>Nothing yet. Send to <code>/receive/{name}</code>.</p>" : $"<ul>\n{list}\n</ul>";
    }
}
