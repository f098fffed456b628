using System.Text.Json;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

/// <summary>What a provider's tokens do that another's do not.</summary>
public sealed class ProviderTokenTests : SandboxTest
{
    [Fact]
    public async Task Xero_takes_the_previous_refresh_token_for_half_an_hour()
    {
        using var walk = await Walk("xero").ConnectAsync();
        var first = walk.Refresh!;
        await walk.RefreshAsync();

        Clock.Advance(TimeSpan.FromMinutes(29));
        var (inTime, inTimeBody) = await walk.RefreshAsync(first);
        Clock.Advance(TimeSpan.FromMinutes(2));
        var (late, lateBody) = await walk.RefreshAsync(first);

        Assert.True(walk.IsGood(inTime, inTimeBody));
        Assert.False(walk.IsGood(late, lateBody));
        AssertRefused("xero", "used again after it was rotated");
    }

    [Fact]
    public async Task QuickBooks_takes_a_refresh_token_once()
    {
        using var walk = await Walk("quickbooks").ConnectAsync();
        var first = walk.Refresh!;
        walk.Keep((await walk.RefreshAsync()).Body);

        var (_, body) = await walk.RefreshAsync(first);
        Assert.Equal("invalid_grant", body.GetProperty("error").GetString());
        AssertRefused("quickbooks", "used again after it was rotated");

        var (response, next) = await walk.RefreshAsync();
        Assert.True(walk.IsGood(response, next));
    }

    [Theory]
    [InlineData("slack", "invalid_refresh_token")]
    [InlineData("salesforce", "invalid_grant")]
    public async Task Rotation_is_a_switch_of_the_apps_owner(string key, string error)
    {
        Sandbox.Provider(key).RotatesTokens = true;
        using var walk = await Walk(key).ConnectAsync();
        var first = walk.Refresh!;

        walk.Keep((await walk.RefreshAsync()).Body);

        Assert.NotEqual(first, walk.Refresh);
        Assert.True(await walk.TestAsync());
        Assert.Equal(error, (await walk.RefreshAsync(first)).Body.GetProperty("error").GetString());
        Clock.Advance(TimeSpan.FromHours(13));
        Assert.False(await walk.TestAsync());
    }

    [Theory]
    [InlineData("gmail")]
    [InlineData("google-drive")]
    [InlineData("dropbox")]
    [InlineData("zoho")]
    public async Task Without_offline_access_there_is_no_refresh_token(string key)
    {
        using var walk = Walk(key);
        await walk.ConsentAsync(walk.AuthorizationUrl().Replace("access_type=offline", "access_type=online", StringComparison.Ordinal));

        var (_, body) = await walk.TradeAsync();

        Assert.False(body.TryGetProperty("refresh_token", out _));
    }

    [Theory]
    [InlineData("gmail")]
    [InlineData("zoho")]
    public async Task A_second_consent_gives_a_refresh_token_only_when_it_is_asked_for(string key)
    {
        using var walk = await Walk(key).ConnectAsync();
        await walk.ConsentAsync(walk.AuthorizationUrl().Replace("&prompt=consent", "", StringComparison.Ordinal));

        var (_, body) = await walk.TradeAsync();

        Assert.False(body.TryGetProperty("refresh_token", out _));
    }

    [Theory]
    [InlineData("xero", "accounting.contacts")]
    [InlineData("salesforce", "api")]
    public async Task Without_the_scope_for_it_there_is_no_refresh_token(string key, string scope)
    {
        using var walk = Walk(key);
        await walk.ConsentAsync(walk.AuthorizationUrl(scope: scope));

        Assert.False((await walk.TradeAsync()).Body.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task Zohos_second_account_lives_in_Europe_and_its_code_is_traded_there()
    {
        Sandbox.Provider("zoho").UseAccount(2);
        using var walk = await Walk("zoho").ConsentAsync();
        Assert.Equal("eu", walk.Callback["location"]);

        var (wrong, wrongBody) = await walk.TradeAsync(url: walk.Setting("TokenUrl"));
        Assert.False(walk.IsGood(wrong, wrongBody));
        AssertRefused("zoho", "belong to its accounts-server");

        walk.Keep((await walk.TradeAsync()).Body);
        Assert.EndsWith("/eu", walk.Token.GetProperty("api_domain").GetString(), StringComparison.Ordinal);
        Assert.True(await walk.TestAsync());
    }

    [Fact]
    public async Task Salesforce_may_demand_PKCE()
    {
        Sandbox.Provider("salesforce").RequiresPkce = true;
        using var walk = Walk("salesforce");

        await walk.ConsentAsync(walk.AuthorizationUrl(pkce: false));
        Assert.Equal("invalid_request", walk.Callback["error"]);
        await walk.ConnectAsync();
        Assert.True(await walk.TestAsync());
    }

    [Fact]
    public async Task Metas_short_tokens_become_long_ones()
    {
        using var facebook = await Walk("facebook").ConnectAsync();
        var secrets = $"client_id={facebook.Setting("ClientId")}&client_secret={facebook.Setting("ClientSecret")}";
        var exchange = $"{facebook.Setting("TokenUrl")}?grant_type=fb_exchange_token&{secrets}&fb_exchange_token={facebook.Access}";
        var (_, longer) = await facebook.CallAsync("GET", exchange, change: request => request.Headers.Remove("Authorization"));
        Assert.Equal(5_184_000, longer.GetProperty("expires_in").GetInt32());
        facebook.Keep(longer);
        var (_, pages) = await facebook.CallAsync("GET", facebook.Setting("ApiBaseUrl") + "/me/accounts?fields=id,name,access_token&limit=2");
        Assert.Equal(2, pages.GetProperty("data").GetArrayLength());
        Assert.True(pages.GetProperty("paging").TryGetProperty("next", out _));

        using var instagram = await Walk("instagram").ConnectAsync();
        var root = instagram.Setting("ApiBaseUrl");
        var (refused, refusedBody) = await instagram.CallAsync("GET", $"{root}/refresh_access_token?grant_type=ig_refresh_token&access_token={instagram.Access}");
        Assert.False(instagram.IsGood(refused, refusedBody));
        instagram.Keep((await instagram.CallAsync("GET", $"{root}/access_token?grant_type=ig_exchange_token&client_secret={instagram.Setting("ClientSecret")}&access_token={instagram.Access}")).Body);
        instagram.Keep((await instagram.CallAsync("GET", $"{root}/refresh_access_token?grant_type=ig_refresh_token&access_token={instagram.Access}")).Body);
        Clock.Advance(TimeSpan.FromDays(59));
        Assert.True(await instagram.TestAsync());
        Assert.Equal(1, Sandbox.Provider("instagram").Refreshes);
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task Xeros_token_tells_which_of_the_organisations_was_just_connected()
    {
        using var walk = await Walk("xero").ConnectAsync();
        var claims = JsonSerializer.Deserialize<JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(walk.Access.Split('.')[1]));
        var (_, connections) = await walk.CallAsync("GET", walk.Setting("ApiBaseUrl") + "/connections");

        Assert.Equal(2, connections.GetArrayLength());
        var connected = Assert.Single(connections.EnumerateArray(), one => one.GetProperty("authEventId").GetString() == claims.GetProperty("authentication_event_id").GetString());
        Assert.Equal("Harbour Coffee Roasters", connected.GetProperty("tenantName").GetString());

        var organisation = walk.Setting("ApiBaseUrl") + "/api.xro/2.0/Organisation";
        Assert.Equal(403, (int)(await walk.CallAsync("GET", organisation)).Response.StatusCode);
        AssertRefused("xero", "xero-tenant-id is missing");
        var tenant = connected.GetProperty("tenantId").GetString()!;
        var (_, answer) = await walk.CallAsync("GET", organisation, change: request => request.Headers.Add("xero-tenant-id", tenant));
        Assert.Equal(tenant, answer.GetProperty("Organisations")[0].GetProperty("OrganisationID").GetString());

        await walk.CallAsync("DELETE", $"{walk.Setting("ApiBaseUrl")}/connections/{connected.GetProperty("id").GetString()}");
        Assert.Equal(403, (int)(await walk.CallAsync("GET", organisation, change: request => request.Headers.Add("xero-tenant-id", tenant))).Response.StatusCode);
    }
}
