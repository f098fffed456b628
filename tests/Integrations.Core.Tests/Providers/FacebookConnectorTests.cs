using Integrations.Core.Providers;
using Integrations.Core.Providers.Connectors;

namespace Integrations.Core.Tests.Providers;

public sealed class FacebookConnectorTests
{
    private const string Version = "/v22.0";
    private static readonly FacebookConnector _connector = new();

    [Fact]
    public async Task A_brief_token_is_exchanged_for_a_lasting_one_which_is_its_own_refresh_token()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer(
            $"POST {Version}/oauth/access_token", """{"access_token":"brief","token_type":"bearer","expires_in":3600}""", """{"access_token":"lasting","token_type":"bearer","expires_in":5183944}""",
            """{"access_token":"next","token_type":"bearer"}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var grant = await _connector.ExchangeCodeAsync(harness.Exchange(_connector), "the-code", "the-verifier", CancellationToken.None);

        Assert.Equal(("lasting", "lasting"), (grant.Credential.AccessToken, grant.Credential.RefreshToken));
        Assert.Equal(TimeSpan.FromSeconds(5_183_944), grant.Lifetime);
        Assert.Equal(("authorization_code", "the-code", "the-verifier"), (stub.Requests[0].Form("grant_type"), stub.Requests[0].Form("code"), stub.Requests[0].Form("code_verifier")));
        Assert.Equal(("fb_exchange_token", "brief", ProviderHarness.ClientSecret), (stub.Requests[1].Form("grant_type"), stub.Requests[1].Form("fb_exchange_token"), stub.Requests[1].Form("client_secret")));

        Assert.True(_connector.CanRefresh(grant.Credential));
        var renewed = await _connector.RefreshAsync(harness.Exchange(_connector), grant.Credential, CancellationToken.None);

        Assert.Equal(("next", "next", TimeSpan.FromDays(60)), (renewed.Credential.AccessToken, renewed.Credential.RefreshToken, renewed.Lifetime));
        Assert.Equal("lasting", stub.Requests[2].Form("fb_exchange_token"));
    }

    [Fact]
    public void A_system_users_token_is_not_renewed() =>
        Assert.False(_connector.CanRefresh(new ProviderCredential(new Dictionary<string, string>(StringComparer.Ordinal) { ["accessToken"] = "EAAsystem" })));

    [Theory]
    [InlineData(400, 4, ProviderFaultKind.RateLimited)]
    [InlineData(400, 17, ProviderFaultKind.RateLimited)]
    [InlineData(403, 32, ProviderFaultKind.RateLimited)]
    [InlineData(400, 613, ProviderFaultKind.RateLimited)]
    [InlineData(400, 80_005, ProviderFaultKind.RateLimited)]
    [InlineData(400, 190, ProviderFaultKind.Unauthorized)]
    [InlineData(400, 10, ProviderFaultKind.Forbidden)]
    [InlineData(400, 200, ProviderFaultKind.Forbidden)]
    [InlineData(500, 1, ProviderFaultKind.Unavailable)]
    [InlineData(400, 2, ProviderFaultKind.Unavailable)]
    [InlineData(400, 100, ProviderFaultKind.Refused)]
    [InlineData(404, 803, ProviderFaultKind.Refused)]
    public void An_errors_code_says_more_than_its_status(int status, int code, ProviderFaultKind kind)
    {
        var fault = _connector.ReadFault(Answers.Of(status, $$"""{"error":{"message":"In words.","type":"OAuthException","code":{{code}},"fbtrace_id":"x"} }"""))!;

        Assert.Equal((kind, $"Facebook answered {status}: In words."), (fault.Kind, fault.Message));
    }

    [Theory]
    [InlineData(190, "Error validating access token: the session has expired.", ProviderFaultKind.GrantEnded)]
    [InlineData(101, "Error validating application.", ProviderFaultKind.ClientRefused)]
    [InlineData(1, "Error validating client secret.", ProviderFaultKind.ClientRefused)]
    [InlineData(2, "Service temporarily unavailable.", ProviderFaultKind.Unavailable)]
    [InlineData(100, "This authorization code has been used.", ProviderFaultKind.GrantEnded)]
    [InlineData(100, "Invalid parameter.", ProviderFaultKind.Refused)]
    public async Task An_exchange_that_fails_says_whose_fault_it_is(int code, string message, ProviderFaultKind kind)
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer($"POST {Version}/oauth/access_token", new StubAnswer(400, $$"""{"error":{"message":"{{message}}","type":"OAuthException","code":{{code}}} }"""));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));
        var credential = new ProviderCredential(new Dictionary<string, string>(StringComparer.Ordinal) { ["accessToken"] = "old", ["refreshToken"] = "old" });

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.RefreshAsync(harness.Exchange(_connector), credential, CancellationToken.None));

        Assert.Equal(kind, fault.Kind);
    }

    [Fact]
    public async Task Pages_are_read_to_the_end_without_following_addresses_that_carry_tokens()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer(
            $"GET {Version}/me/accounts",
            """{"data":[{"id":"1","name":"Bakery"}],"paging":{"cursors":{"after":"QVFI="},"next":"https://graph.facebook.com/v22.0/me/accounts?access_token=secret"}}""",
            """{"data":[{"id":"2"}],"paging":{"cursors":{"after":"QVFJ="}}}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var choices = await _connector.ListChoicesAsync(harness.Session(_connector, "EAAtoken"), "pageId", CancellationToken.None);

        Assert.Equal([new("1", "Bakery"), new SettingChoice("2", "2")], choices);
        Assert.EndsWith("&after=QVFI%3D", stub.Requests[1].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_in_percent_is_told_as_what_is_left()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer($"GET {Version}/me", new StubAnswer(
            200, """{"id":"17","name":"Ann"}""", """X-App-Usage: {"call_count":28,"total_time":85,"total_cputime":25}""", """X-Page-Usage: {"call_count":130,"total_time":1,"total_cputime":1}"""));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var account = await _connector.TestAsync(harness.Session(_connector, "EAAtoken"), CancellationToken.None);

        Assert.Equal(("17", "Ann"), (account.Id, account.Name));
        Assert.Equal([new("app usage in percent", 15, 100), new ProviderQuota("page usage in percent", 0, 100)], Assert.Single(harness.Calls).Quotas);
    }

    [Fact]
    public async Task Revoking_removes_the_permissions_that_the_user_gave()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer($"DELETE {Version}/me/permissions", """{"success":true}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        await _connector.RevokeAsync(
            harness.Exchange(_connector), new ProviderCredential(new Dictionary<string, string>(StringComparer.Ordinal) { ["accessToken"] = "EAAtoken" }), CancellationToken.None);

        Assert.Equal("Bearer EAAtoken", Assert.Single(stub.Requests)["Authorization"]);
    }
}
