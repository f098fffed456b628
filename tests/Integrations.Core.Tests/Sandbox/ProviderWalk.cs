using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Core.Tests.Sandbox;

/// <summary>A small OAuth client that has nothing of the hub's: it walks from consent to revocation with one provider of the sandbox.</summary>
internal sealed class ProviderWalk(SandboxHost sandbox, ProviderFacts facts) : IDisposable
{
    public const string Verifier = "a-verifier-of-the-test-that-has-more-than-43-characters";

    private readonly HttpClient _client = new();

    public string Redirect { get; init; } = $"http://127.0.0.1:5000/api/integrations/oauth/{facts.Key}/callback";

    /// <summary>What came back with the code.</summary>
    public Dictionary<string, string> Callback { get; } = new(StringComparer.Ordinal);

    public string Access { get; private set; } = "";

    public string? Refresh { get; private set; }

    public JsonElement Token { get; private set; }

    public string AuthorizationUrl(string? scope = null, bool? pkce = null)
    {
        var url = $"{Setting("AuthorizationUrl")}?response_type=code&client_id={Setting("ClientId")}&redirect_uri={Uri.EscapeDataString(Redirect)}&state=s1{facts.Extra}";
        scope ??= facts.Scope;
        url += scope.Length > 0 ? "&scope=" + Uri.EscapeDataString(scope) : "";
        return pkce ?? facts.Pkce
            ? url + "&code_challenge_method=S256&code_challenge=" + Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))
            : url;
    }

    public async Task<ProviderWalk> ConsentAsync(string? url = null)
    {
        Callback.Clear();
        foreach (var (name, value) in QueryHelpers.ParseQuery((await SandboxVisitor.AllowAsync(url ?? AuthorizationUrl())).Query))
        {
            Callback[name] = value.ToString();
        }

        return this;
    }

    /// <param name="change">Makes a fault.</param>
    public async Task<(HttpResponseMessage Response, JsonElement Body)> TradeAsync(Action<Dictionary<string, string>>? change = null, bool? basic = null, string? url = null)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal) { ["grant_type"] = "authorization_code", ["code"] = Callback.GetValueOrDefault("code", "") };
        if (facts.RedirectAtToken)
        {
            form["redirect_uri"] = Redirect;
        }

        if (facts.Pkce)
        {
            form["code_verifier"] = Verifier;
        }

        change?.Invoke(form);
        return await PostAsync(url ?? TokenUrl, form, basic);
    }

    public async Task<(HttpResponseMessage Response, JsonElement Body)> RefreshAsync(string? token = null) =>
        await PostAsync(TokenUrl, new(StringComparer.Ordinal) { ["grant_type"] = "refresh_token", ["refresh_token"] = token ?? Refresh ?? "" }, null);

    /// <summary>From consent to a token.</summary>
    public async Task<ProviderWalk> ConnectAsync()
    {
        await ConsentAsync();
        var (response, body) = await TradeAsync();
        Assert.True(IsGood(response, body), body.ToString());
        Keep(body);
        return this;
    }

    public void Keep(JsonElement body)
    {
        Token = body;
        Access = body.GetProperty("access_token").GetString()!;
        Refresh = body.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString() : Refresh;
    }

    public async Task<bool> TestAsync()
    {
        var (response, body) = await CallAsync(facts.Method, ApiBase + facts.Test.Replace("{realmId}", Callback.GetValueOrDefault("realmId"), StringComparison.Ordinal));
        return IsGood(response, body);
    }

    public async Task<(HttpResponseMessage Response, JsonElement Body)> CallAsync(string method, string url, HttpContent? content = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"{facts.Scheme} {Access}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        change?.Invoke(request);
        return await SendAsync(request);
    }

    public async Task<HttpResponseMessage> RevokeAsync()
    {
        var url = facts.Key == "zoho" ? Callback["accounts-server"] + "/oauth/v2/token/revoke" : Setting("RevocationUrl");
        using var request = new HttpRequestMessage(facts.Key == "facebook" ? HttpMethod.Delete : HttpMethod.Post, url);
        switch (facts.Key)
        {
            case "stripe":
                request.Headers.Authorization = new("Bearer", Setting("ClientSecret"));
                request.Content = Form(("client_id", Setting("ClientId")), ("stripe_user_id", Token.GetProperty("stripe_user_id").GetString()!));
                break;
            case "slack" or "dropbox" or "facebook":
                request.Headers.Authorization = new("Bearer", Access);
                break;
            case "quickbooks":
                request.Headers.Authorization = Basic();
                request.Content = new StringContent($$"""{"token":"{{Refresh}}"}""", Encoding.UTF8, "application/json");
                break;
            case "xero":
                request.Headers.Authorization = Basic();
                request.Content = Form(("token", Refresh!));
                break;
            case "hubspot":
                request.Content = Form(("client_id", Setting("ClientId")), ("client_secret", Setting("ClientSecret")), ("token", Refresh!));
                break;
            default:
                request.Content = Form(("token", Refresh!));
                break;
        }

        return await _client.SendAsync(request);
    }

    public string Setting(string name) => sandbox.HubSettings[$"Providers:{facts.Key}:{name}"]!;

    public bool IsGood(HttpResponseMessage response, JsonElement body) =>
        response.IsSuccessStatusCode && !(body.ValueKind == JsonValueKind.Object && (body.TryGetProperty("error", out _) || (body.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.False)));

    public void Dispose() => _client.Dispose();

    // Zoho's and Salesforce's tokens tell where the API is; Zoho's callback where the token endpoint is.
    private string ApiBase => Token.TryGetProperty("instance_url", out var instance) ? instance.GetString()!
        : Token.TryGetProperty("api_domain", out var domain) ? domain.GetString()!
        : Setting("ApiBaseUrl");

    private string TokenUrl => Callback.TryGetValue("accounts-server", out var server) ? server + "/oauth/v2/token" : Setting("TokenUrl");

    private async Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string url, Dictionary<string, string> form, bool? basic)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        if (basic ?? facts.Basic)
        {
            request.Headers.Authorization = Basic();
        }
        else
        {
            form.TryAdd("client_id", Setting("ClientId"));
            form.TryAdd("client_secret", Setting("ClientSecret"));
        }

        request.Content = new FormUrlEncodedContent(form);
        return await SendAsync(request);
    }

    private async Task<(HttpResponseMessage Response, JsonElement Body)> SendAsync(HttpRequestMessage request)
    {
        var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response, text.Length > 0 && text[0] is '{' or '[' ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    private AuthenticationHeaderValue Basic() => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Setting("ClientId")}:{Setting("ClientSecret")}")));

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
}
