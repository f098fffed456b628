using System.Text.Json;

namespace Integrations.Testing;

/// <summary>What the authorization server has done so far.</summary>
/// <param name="Codes">Codes that were traded in.</param>
/// <param name="Revoked">Grants that it revoked, asked to or because a token or code came a second time.</param>
/// <param name="Errors">Why it refused, one for each refusal of its token endpoint.</param>
public sealed record OidcState(int Refreshes, int Codes, int Revoked, IReadOnlyList<string> Errors);

/// <summary>The npm package oidc-provider in a Node process: an authorization server that its own authors made strict. Its person always allows.</summary>
public sealed class OidcServer : IAsyncDisposable
{
    public const string ClientId = "the-hub";
    public const string ClientSecret = "canary-oidc-client-secret-0123456789";

    private readonly LineProcess _node;

    private OidcServer(LineProcess node, string issuer) => (_node, Issuer) = (node, issuer);

    /// <summary>Where it is, without a slash at the end.</summary>
    public string Issuer { get; }

    public static async Task<OidcServer> StartAsync(string redirectUri)
    {
        var node = LineProcess.Start("node", ["oidc-provider.mjs"], RepositoryFiles.Path("tests", "verifiers"));
        var answer = await node.AskAsync("start " + JsonSerializer.Serialize(new { clientId = ClientId, clientSecret = ClientSecret, redirectUri }));
        return new OidcServer(node, JsonElement.Parse(answer).GetProperty("issuer").GetString()!);
    }

    /// <summary>Ends every access token of now; refresh tokens go on.</summary>
    public Task ExpireAccessTokensAsync() => _node.AskAsync("expire");

    public async Task<OidcState> ReadStateAsync() => JsonSerializer.Deserialize<OidcState>(await _node.AskAsync("state"), JsonSerializerOptions.Web)!;

    /// <summary>Goes through its pages, as the person's browser does.</summary>
    /// <returns>Where it sends the browser back to.</returns>
    public async Task<Uri> AllowAsync(string authorizationUrl)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var next = new Uri(authorizationUrl);
        while (next.GetLeftPart(UriPartial.Authority) == Issuer)
        {
            using var page = await client.GetAsync(next);
            next = page.Headers.Location is { } location ? new Uri(next, location) : throw new InvalidOperationException($"{(int)page.StatusCode}: {await page.Content.ReadAsStringAsync()}");
        }

        return next;
    }

    /// <summary>Sends a form to its token endpoint as the hub would; for what a thief of the client's secret could try.</summary>
    public async Task<(int Status, string Text)> PostTokenAsync(IReadOnlyDictionary<string, string> form)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Issuer + "/token") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{ClientId}:{ClientSecret}")));
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
