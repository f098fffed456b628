using System.Net;
using System.Text;
using Integrations.Core.Tests.Sandbox.Data;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

/// <summary>Keys and pasted tokens: the good one is taken, any other refused as the provider refuses it.</summary>
public sealed class ProviderKeyTests : SandboxTest, IDisposable
{
    private readonly HttpClient _client = new();

    public static TheoryData<string, string, string, string, int> Keys => new()
    {
        { "stripe", "/v1/balance", "Bearer", SandboxKeys.StripeSecret, 401 },
        { "stripe", "/v1/balance", "Bearer", SandboxKeys.StripeRestricted, 401 },
        { "mailchimp", "/ping", "Basic", SandboxKeys.Mailchimp, 401 },
        { "sendgrid", "/v3/scopes", "Bearer", SandboxKeys.SendGrid, 401 },
        { "hubspot", "/account-info/v3/details", "Bearer", SandboxKeys.HubSpotPrivateApp, 401 },
        { "salesforce", "/services/data/v60.0/limits", "Bearer", SandboxKeys.SalesforceToken, 401 },
        { "zoho", "/crm/v8/Contacts?fields=id&per_page=1", "Zoho-oauthtoken", SandboxKeys.ZohoToken, 401 },
        { "google-drive", "/drive/v3/about?fields=user,storageQuota", "Bearer", SandboxKeys.GoogleDriveToken, 401 },
        { "facebook", "/me", "Bearer", SandboxKeys.FacebookToken, 400 },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_good_key_is_taken_and_a_changed_one_refused(string key, string path, string scheme, string value, int refusal)
    {
        var good = await GetAsync(key, path, scheme, value);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.DoesNotContain("error", await good.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var changed = value[..^6] + "aaaa" + value[^2..];
        var refused = await GetAsync(key, path, scheme, changed);
        Assert.Equal(refusal, (int)refused.StatusCode);
        Assert.DoesNotContain(changed, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Sandbox.Provider(key).RevokeGrants();
        Assert.Equal(refusal, (int)(await GetAsync(key, path, scheme, value)).StatusCode);
        Sandbox.Provider(key).Reset();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(key, path, scheme, value)).StatusCode);
        Sandbox.AssertNoViolations();
    }

    [Theory]
    [InlineData("zoho", "/crm/v8/org", "Bearer")]
    [InlineData("mailchimp", "/ping", "Bearer")]
    [InlineData("sendgrid", "/v3/scopes", "Basic")]
    public async Task A_key_in_another_scheme_is_a_fault_of_the_client(string key, string path, string scheme)
    {
        var value = key == "zoho" ? SandboxKeys.ZohoToken : key == "mailchimp" ? SandboxKeys.Mailchimp : SandboxKeys.SendGrid;

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(key, path, scheme, value)).StatusCode);
        AssertRefused(key, "in the way that this provider reads");
    }

    [Fact]
    public async Task Narrow_keys_are_genuine_and_still_may_not_do_everything()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("stripe", "/v1/balance", "Bearer", SandboxKeys.StripeRestrictedWithoutBalance)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("sendgrid", "/v3/scopes", "Bearer", SandboxKeys.SendGridMailOnly)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("sendgrid", "/v3/marketing/lists", "Bearer", SandboxKeys.SendGridMailOnly)).StatusCode);
    }

    [Fact]
    public async Task Slack_says_in_the_body_what_is_wrong()
    {
        var good = await GetAsync("slack", "/auth.test", "Bearer", SandboxKeys.SlackBot);
        Assert.Contains("\"ok\":true", await good.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var refused = await GetAsync("slack", "/auth.test", "Bearer", SandboxKeys.SlackBot + "x");
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Equal("""{"ok":false,"error":"invalid_auth"}""", await refused.Content.ReadAsStringAsync());
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task AutoCount_wants_both_headers_and_the_book()
    {
        Assert.Equal(HttpStatusCode.OK, (await AutoCountAsync(SandboxKeys.AutoCountKeyId, SandboxKeys.AutoCountApiKey, SandboxKeys.AutoCountBook)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AutoCountAsync(SandboxKeys.AutoCountApiKey, SandboxKeys.AutoCountApiKey, SandboxKeys.AutoCountBook)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AutoCountAsync(SandboxKeys.AutoCountKeyId, SandboxKeys.AutoCountKeyId, SandboxKeys.AutoCountBook)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AutoCountAsync(SandboxKeys.AutoCountKeyId, SandboxKeys.AutoCountApiKey, "1")).StatusCode);
        Sandbox.AssertNoViolations();

        await AutoCountAsync("", SandboxKeys.AutoCountApiKey, SandboxKeys.AutoCountBook);
        AssertRefused("autocount", "carries no token");
    }

    [Fact]
    public async Task SQL_Accounting_recomputes_the_whole_signature()
    {
        Assert.Equal(HttpStatusCode.OK, (await SignedAsync("/healthcheck", SandboxKeys.SqlAccountingSecretKey)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SignedAsync("/agent?offset=0&limit=50", SandboxKeys.SqlAccountingSecretKey)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SignedAsync("/healthcheck", SandboxKeys.SqlAccountingSecretKey[1..] + "0")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SignedAsync("/healthcheck", SandboxKeys.SqlAccountingSecretKey, "nobody.sql.my/ADMIN")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SignedAsync("/healthcheck", SandboxKeys.SqlAccountingSecretKey, sent: "/version")).StatusCode);
        Sandbox.AssertNoViolations();

        Assert.Equal(HttpStatusCode.Forbidden, (await SignedAsync("/healthcheck", SandboxKeys.SqlAccountingSecretKey, service: "execute-api")).StatusCode);
        AssertRefused("sql-accounting", "valid region and service");
        Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HttpStatusCode.Forbidden, (await SignedAsync("/healthcheck", SandboxKeys.SqlAccountingSecretKey, at: Clock.GetUtcNow().AddMinutes(-16))).StatusCode);
        AssertRefused("sql-accounting", "Signature expired");
    }

    public void Dispose() => _client.Dispose();

    private string Base(string key) => Sandbox.HubSettings[$"Providers:{key}:ApiBaseUrl"]!;

    private Task<HttpResponseMessage> GetAsync(string key, string path, string scheme, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Base(key) + path);
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {(scheme == "Basic" ? Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + value)) : value)}");
        return _client.SendAsync(request);
    }

    private Task<HttpResponseMessage> AutoCountAsync(string id, string key, string book)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{Base("autocount")}/{book}/debtor/listing?page=1&activeOnly=true");
        request.Headers.TryAddWithoutValidation("Key-ID", id);
        request.Headers.TryAddWithoutValidation("API-Key", key);
        return _client.SendAsync(request);
    }

    /// <param name="sent">Another path than the signed one.</param>
    private Task<HttpResponseMessage> SignedAsync(
        string path, string secret, string? accessKey = null, string? sent = null, string service = "sqlaccount", DateTimeOffset? at = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Base("sql-accounting") + (sent ?? path));
        SqlSignature.Sign(request, at ?? Clock.GetUtcNow(), [], secret, accessKey, service, new Uri(Base("sql-accounting") + path));
        return _client.SendAsync(request);
    }
}
