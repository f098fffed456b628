using System.Net;

namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>Where a person allows or denies. Plain HTML; the answer goes back by a form post to the same address, which redirects to the app.</summary>
internal static class ConsentPage
{
    public static IResult Ask(HttpContext context, string provider, AuthorizeRequest request, SandboxAccount account, string id)
    {
        var scopes = request.Scopes.Count == 0
            ? "<p>Full access to the account.</p>"
            : $"<ul>\n{string.Join('\n', request.Scopes.Select(scope => $"<li><code>{Text(scope)}</code></li>"))}\n</ul>";
        return PageFrame.Show(context, $"Allow access to {provider}?", $"""
            <h1>Allow access to {Text(provider)}?</h1>
            <p>The app <strong>Integrations</strong> (<code>{Text(request.ClientId)}</code>) asks for:</p>
            {scopes}
            <p>Signed in as {Text(account.Person)} of <strong>{Text(account.Company)}</strong>. You return to {Text(new Uri(request.RedirectUri).Authority)}.</p>
            <form method="post">
            <input type="hidden" name="request" value="{Text(id)}">
            <p><button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button></p>
            </form>
            """);
    }

    /// <summary>For a request that must not be answered by a redirect, since nobody knows where that leads.</summary>
    public static IResult Refuse(HttpContext context, string provider, string reason) =>
        PageFrame.Show(context, $"{provider} refuses", $"""
            <h1>{Text(provider)} refuses</h1>
            <p>{Text(reason)}</p>
            """, StatusCodes.Status400BadRequest);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
