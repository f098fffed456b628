using System.Net;
using System.Text.RegularExpressions;

namespace Integrations.Sandbox;

/// <summary>The person at the browser, for tests without one: opens a consent page, presses a button, and tells where it leads.</summary>
public static partial class SandboxVisitor
{
    public static Task<Uri> AllowAsync(string authorizationUrl, CancellationToken cancellationToken = default) => AnswerAsync(authorizationUrl, "allow", cancellationToken);

    public static Task<Uri> DenyAsync(string authorizationUrl, CancellationToken cancellationToken = default) => AnswerAsync(authorizationUrl, "deny", cancellationToken);

    /// <exception cref="InvalidOperationException">The provider refuses to ask; the message holds its page.</exception>
    private static async Task<Uri> AnswerAsync(string authorizationUrl, string answer, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var page = await client.GetAsync(authorizationUrl, cancellationToken);
        if (page.StatusCode == HttpStatusCode.SeeOther)
        {
            return page.Headers.Location!;
        }

        var html = await page.Content.ReadAsStringAsync(cancellationToken);
        if (RequestId().Match(html) is not { Success: true } id)
        {
            throw new InvalidOperationException($"{(int)page.StatusCode}: {html}");
        }

        using var form = new FormUrlEncodedContent([new("request", id.Groups["id"].Value), new("answer", answer)]);
        using var redirect = await client.PostAsync(authorizationUrl, form, cancellationToken);
        return redirect.Headers.Location ?? throw new InvalidOperationException($"{(int)redirect.StatusCode}: {await redirect.Content.ReadAsStringAsync(cancellationToken)}");
    }

    [GeneratedRegex("""name="request" value="(?<id>[^"]+)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestId();
}
