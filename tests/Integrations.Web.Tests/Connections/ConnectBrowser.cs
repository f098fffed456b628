using System.Net;
using System.Text.RegularExpressions;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Web.Tests.Connections;

/// <summary>A browser on its way through a consent: it keeps cookies, fills the hub's forms in, and visits the provider's page in the sandbox.</summary>
internal sealed partial class ConnectBrowser(HubApp hub)
{
    private readonly HttpClient _client = hub.CreateClient();
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>The value by which the hub knows this browser again.</summary>
    public string? Nonce => _cookies.FirstOrDefault(cookie => cookie.Key.EndsWith("integrations.consent", StringComparison.Ordinal)).Value;

    /// <summary>Opens a connect link and goes on, as a person does.</summary>
    /// <returns>The provider's consent page.</returns>
    public async Task<string> OpenLinkAsync(string authUrl)
    {
        var path = new Uri(authUrl).PathAndQuery;
        var page = await SendAsync(HttpMethod.Get, path);
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(page.StatusCode == HttpStatusCode.OK, html);
        if (Refresh(page) is { } already)
        {
            return already;
        }

        using var answer = await SubmitAsync(path, html, "connect");
        return Refresh(answer) ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Signs a member in.</summary>
    public async Task SignInAsync(string email, string password)
    {
        const string path = "/sign-in";
        using var signedIn = await SubmitAsync(path, await ReadAsync(path), "sign-in", [new("Form.Email", email), new("Form.Password", password)]);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    /// <summary>Begins a consent with the button of a provider's page.</summary>
    /// <returns>The provider's consent page.</returns>
    public async Task<string> BeginAsync(string provider)
    {
        // Any page with a form has the token that all forms of a browser share.
        using var begun = await SubmitAsync("/connect/start", await ReadAsync("/account/password"), "", [new("provider", provider)]);
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        return await OpenLinkAsync(new Uri(hub.Address, begun.Headers.Location!).ToString());
    }

    /// <summary>Takes the cookies by which another browser's consents are known, as a thief would.</summary>
    public void Steal(ConnectBrowser other)
    {
        foreach (var (name, value) in other._cookies.Where(cookie => cookie.Key.EndsWith("integrations.consent", StringComparison.Ordinal)))
        {
            _cookies[name] = value;
        }
    }

    /// <summary>Submits one of the forms of a page of the hub.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string html, string form, params IEnumerable<KeyValuePair<string, string>> fields)
    {
        var token = AntiforgeryToken().Match(html).Groups["value"].Value;
        return await SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("_handler", form), .. fields]));
    }

    /// <summary>Comes back from the provider.</summary>
    public Task<HttpResponseMessage> ReturnAsync(Uri back, string? accept = null) => SendAsync(HttpMethod.Get, back.PathAndQuery, accept: accept);

    public async Task<string> ReadAsync(string path)
    {
        using var page = await SendAsync(HttpMethod.Get, path);
        return await page.Content.ReadAsStringAsync();
    }

    /// <summary>The whole way of somebody who allows.</summary>
    public async Task<HttpResponseMessage> ConsentAsync(string authUrl, string? accept = null) => await ReturnAsync(await SandboxVisitor.AllowAsync(await OpenLinkAsync(authUrl)), accept);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "text/html,application/xhtml+xml");
        if (_cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var response = await _client.SendAsync(request);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = set.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return response;
    }

    /// <summary>The query of an address to which an answer leads.</summary>
    public static Dictionary<string, string> QueryOf(HttpResponseMessage answer) =>
        QueryHelpers.ParseQuery(new Uri(new Uri("http://localhost"), answer.Headers.Location!).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    private static string? Refresh(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Refresh", out var values) ? values.Single()["0;url=".Length..] : null;

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<value>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AntiforgeryToken();
}
