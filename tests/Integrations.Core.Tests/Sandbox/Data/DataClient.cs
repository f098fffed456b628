using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Sandbox.Data;

/// <summary>A client of one provider's data that has nothing of the hub's.</summary>
internal sealed class DataClient : IDisposable
{
    private static readonly Dictionary<string, string> _scopes = new(StringComparer.Ordinal)
    {
        ["xero"] = "accounting.contacts accounting.invoices accounting.payments accounting.banktransactions accounting.settings accounting.classicexpenses",
        ["quickbooks"] = "com.intuit.quickbooks.accounting",
        ["mailchimp"] = "",
        ["instagram"] = "instagram_business_basic,instagram_business_manage_insights",
    };

    private readonly HttpClient _client = new();
    private readonly SandboxHost _sandbox;
    private readonly FakeClock _clock;
    private readonly string _key;
    private string _access = "";
    private string _tenant = "";

    private DataClient(SandboxHost sandbox, FakeClock clock, string key) => (_sandbox, _clock, _key) = (sandbox, clock, key);

    public string Base { get; private set; } = "";

    /// <summary>QuickBooks' company.</summary>
    public string Realm { get; private set; } = "";

    public static async Task<DataClient> OpenAsync(SandboxHost sandbox, FakeClock clock, string key)
    {
        var client = new DataClient(sandbox, clock, key) { Base = sandbox.HubSettings[$"Providers:{key}:ApiBaseUrl"]! };
        if (!_scopes.TryGetValue(key, out var scope))
        {
            client._access = key switch
            {
                "stripe" => SandboxKeys.StripeSecret,
                "hubspot" => SandboxKeys.HubSpotPrivateApp,
                "salesforce" => SandboxKeys.SalesforceToken,
                "zoho" => SandboxKeys.ZohoToken,
                "sendgrid" => SandboxKeys.SendGrid,
                "slack" => SandboxKeys.SlackBot,
                "facebook" => SandboxKeys.FacebookToken,
                "google-drive" => SandboxKeys.GoogleDriveToken,
                "dropbox" => SandboxKeys.DropboxToken,
                _ => "",
            };
            return client;
        }

        using var walk = new ProviderWalk(sandbox, ProviderFacts.Of(key));
        await walk.ConsentAsync(walk.AuthorizationUrl(scope));
        walk.Keep((await walk.TradeAsync()).Body);
        client._access = walk.Access;
        client.Realm = walk.Callback.GetValueOrDefault("realmId", "");
        if (key == "xero")
        {
            client._tenant = (await client.JsonAsync("GET", "/connections"))[1].GetProperty("tenantId").GetString()!;
        }

        return client;
    }

    public void UseToken(string value) => _access = value;

    public async Task<HttpResponseMessage> SendAsync(string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith("http", StringComparison.Ordinal) ? path : Base + path) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        switch (_key)
        {
            case "sql-accounting":
                SqlSignature.Sign(request, _clock.GetUtcNow(), content is null ? [] : await content.ReadAsByteArrayAsync());
                break;
            case "autocount":
                request.Headers.TryAddWithoutValidation("Key-ID", SandboxKeys.AutoCountKeyId);
                request.Headers.TryAddWithoutValidation("API-Key", SandboxKeys.AutoCountApiKey);
                break;
            default:
                request.Headers.TryAddWithoutValidation("Authorization", $"{(_key == "zoho" ? "Zoho-oauthtoken" : "Bearer")} {_access}");
                break;
        }

        if (_tenant.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("xero-tenant-id", _tenant);
        }

        return await _client.SendAsync(request);
    }

    public async Task<JsonElement> JsonAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await SendAsync(method, path, content, headers);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {method} {path}: {text}; {string.Join("; ", _sandbox.Provider(_key).Violations)}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task<JsonElement> FormAsync(string path, string form, params (string Name, string Value)[] headers)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await SendAsync("POST", path, content, headers);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _client.Dispose();
}
