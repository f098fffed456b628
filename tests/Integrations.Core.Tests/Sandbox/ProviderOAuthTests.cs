using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

public sealed class ProviderOAuthTests : SandboxTest
{
    public static TheoryData<string> All => ProviderFacts.Keys(_ => true);

    public static TheoryData<string> WithRedirect => ProviderFacts.Keys(facts => facts.RedirectAtToken);

    public static TheoryData<string> OneAuth => ProviderFacts.Keys(facts => !facts.EitherAuth);

    public static TheoryData<string> WithPkce => ProviderFacts.Keys(facts => facts.Pkce);

    public static TheoryData<string> WithoutPkce => ProviderFacts.Keys(facts => !facts.Pkce);

    public static TheoryData<string> WithScopes => ProviderFacts.Keys(facts => facts.Scope.Length > 0);

    [Theory]
    [MemberData(nameof(All))]
    public async Task From_consent_to_revocation_nothing_is_refused(string key)
    {
        var facts = ProviderFacts.Of(key);
        using var walk = Walk(key);
        await walk.ConnectAsync();
        Assert.Equal("s1", walk.Callback["state"]);
        Assert.True(await walk.TestAsync());
        Assert.Equal(1, Sandbox.Provider(key).LiveGrants);

        Sandbox.Provider(key).ExpireAccessTokens();
        Assert.False(await walk.TestAsync());

        if (facts.Refreshes)
        {
            var before = walk.Refresh;
            var (response, body) = await walk.RefreshAsync();
            Assert.True(walk.IsGood(response, body), body.ToString());
            walk.Keep(body);
            Assert.Equal(facts.Rotates, walk.Refresh != before);
            Assert.Equal(1, Sandbox.Provider(key).Refreshes);
        }
        else
        {
            await walk.ConnectAsync();
        }

        Assert.True(await walk.TestAsync());
        if (facts.Revokes)
        {
            Assert.True((await walk.RevokeAsync()).IsSuccessStatusCode);
            Assert.False(await walk.TestAsync());
        }

        Sandbox.AssertNoViolations();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_person_may_deny(string key)
    {
        using var walk = Walk(key);

        var back = await SandboxVisitor.DenyAsync(walk.AuthorizationUrl());

        Assert.Contains("error=access_denied", back.Query, StringComparison.Ordinal);
        Assert.Contains("state=s1", back.Query, StringComparison.Ordinal);
        Sandbox.AssertNoViolations();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_code_is_good_once_and_the_second_time_takes_back_what_it_gave(string key)
    {
        using var walk = await Walk(key).ConnectAsync();

        var (response, body) = await walk.TradeAsync();

        Assert.False(walk.IsGood(response, body));
        Assert.False(await walk.TestAsync());
        AssertRefused(key, "the code was used before");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_code_does_not_wait_for_ever(string key)
    {
        using var walk = await Walk(key).ConsentAsync();
        Clock.Advance(TimeSpan.FromMinutes(11));

        var (response, body) = await walk.TradeAsync();

        Assert.False(walk.IsGood(response, body));
    }

    [Theory]
    [MemberData(nameof(WithRedirect))]
    public async Task The_redirect_uri_must_be_the_same_in_both_legs(string key)
    {
        using var walk = await Walk(key).ConsentAsync();

        var (response, body) = await walk.TradeAsync(form => form["redirect_uri"] += "/");

        Assert.False(walk.IsGood(response, body));
        AssertRefused(key, "redirect_uri must be the one");
    }

    [Theory]
    [MemberData(nameof(OneAuth))]
    public async Task The_client_proves_itself_in_the_providers_way_only(string key)
    {
        using var walk = await Walk(key).ConsentAsync();

        var (response, body) = await walk.TradeAsync(basic: !ProviderFacts.Of(key).Basic);

        Assert.False(walk.IsGood(response, body));
        AssertRefused(key, "client id and secret must come");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_wrong_secret_is_refused_but_may_be_a_typing_error(string key)
    {
        var facts = ProviderFacts.Of(key);
        using var walk = await Walk(key).ConsentAsync();

        // Dropbox wants no secret of a client that proves itself by PKCE, but a wrong one is wrong.
        var (response, body) = await walk.TradeAsync(form => (form["client_id"], form["client_secret"]) = (walk.Setting("ClientId"), "wrong"), basic: false);

        Assert.False(walk.IsGood(response, body));
        Assert.Equal(facts.Basic ? 1 : 0, Sandbox.Violations.Count);
    }

    [Theory]
    [MemberData(nameof(WithPkce))]
    public async Task The_verifier_must_belong_to_the_challenge(string key)
    {
        using var walk = await Walk(key).ConsentAsync();

        var (wrong, wrongBody) = await walk.TradeAsync(form => form["code_verifier"] = ProviderWalk.Verifier + "x");
        var (missing, missingBody) = await walk.TradeAsync(form => form.Remove("code_verifier"));

        Assert.False(walk.IsGood(wrong, wrongBody));
        Assert.False(walk.IsGood(missing, missingBody));
        AssertRefused(key, "does not belong to the challenge");
        AssertRefused(key, "code_verifier is missing");
    }

    [Theory]
    [MemberData(nameof(WithPkce))]
    public async Task A_verifier_without_a_challenge_is_refused(string key)
    {
        using var walk = Walk(key);
        await walk.ConsentAsync(walk.AuthorizationUrl(pkce: false));

        var (response, body) = await walk.TradeAsync();

        Assert.False(walk.IsGood(response, body));
        AssertRefused(key, "though no challenge was");
    }

    [Theory]
    [MemberData(nameof(WithoutPkce))]
    public async Task Where_PKCE_is_not_known_it_must_not_be_sent(string key)
    {
        using var walk = Walk(key);

        await walk.ConsentAsync(walk.AuthorizationUrl(pkce: true));

        Assert.Equal("invalid_request", walk.Callback["error"]);
        AssertRefused(key, "knows no PKCE");
    }

    [Theory]
    [MemberData(nameof(WithScopes))]
    public async Task Unknown_scopes_and_wrong_separators_are_refused(string key)
    {
        var facts = ProviderFacts.Of(key);
        using var walk = Walk(key);

        await walk.ConsentAsync(walk.AuthorizationUrl(scope: facts.Scope + facts.Separator + "world.domination"));
        Assert.Equal("invalid_scope", walk.Callback["error"]);

        await walk.ConsentAsync(walk.AuthorizationUrl(scope: facts.Separator == "," ? "one two" : key == "zoho" ? "one,two three" : "one,two"));
        Assert.Equal("invalid_scope", walk.Callback["error"]);
        AssertRefused(key, "scopes must be separated by");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stranger_and_an_unregistered_address_get_a_page_and_no_redirect(string key)
    {
        using var walk = Walk(key);
        var good = walk.AuthorizationUrl();

        foreach (var bad in (string[])
            [
                good.Replace(walk.Setting("ClientId"), "somebody", StringComparison.Ordinal),
                good.Replace("127.0.0.1%3A5000", "evil.example", StringComparison.Ordinal).Replace("http%3A", "ftp%3A", StringComparison.Ordinal),
                good.Replace($"oauth%2F{key}", "oauth%2Fanother", StringComparison.Ordinal),
            ])
        {
            Assert.NotEqual(good, bad);
            await Assert.ThrowsAsync<InvalidOperationException>(() => SandboxVisitor.AllowAsync(bad));
        }

        Assert.Equal(3, Sandbox.Provider(key).Violations.Count);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task State_and_response_type_are_demanded(string key)
    {
        using var walk = Walk(key);

        await walk.ConsentAsync(walk.AuthorizationUrl().Replace("&state=s1", "", StringComparison.Ordinal));
        Assert.Equal("invalid_request", walk.Callback["error"]);

        await walk.ConsentAsync(walk.AuthorizationUrl().Replace("response_type=code", "response_type=token", StringComparison.Ordinal));
        Assert.Equal("unsupported_response_type", walk.Callback["error"]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_token_endpoint_fails_on_demand(string key)
    {
        using var walk = await Walk(key).ConsentAsync();
        foreach (var error in (string[])["invalid_client", "invalid_grant", "temporarily_unavailable"])
        {
            Sandbox.Provider(key).FailTokenRequests(error);
            var (response, body) = await walk.TradeAsync();
            Assert.False(walk.IsGood(response, body));
            Assert.Equal(error == "temporarily_unavailable", (int)response.StatusCode == 503);
        }

        var (again, token) = await walk.TradeAsync();
        Assert.True(walk.IsGood(again, token), token.ToString());
        Sandbox.AssertNoViolations();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_next_consent_may_fail_or_be_of_another_account(string key)
    {
        using var walk = await Walk(key).ConnectAsync();
        Sandbox.Provider(key).FailNextConsent();
        await walk.ConsentAsync();
        Assert.Equal("access_denied", walk.Callback["error"]);

        Sandbox.Provider(key).UseAccount(2);
        await walk.ConnectAsync();
        Assert.True(await walk.TestAsync());
        Assert.Equal(2, Sandbox.Provider(key).LiveGrants);

        Sandbox.Provider(key).RevokeGrants();
        Assert.False(await walk.TestAsync());
        Assert.Equal(0, Sandbox.Provider(key).LiveGrants);
        Sandbox.AssertNoViolations();
    }
}
