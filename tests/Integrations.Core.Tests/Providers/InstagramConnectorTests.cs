using Integrations.Core.Providers;
using Integrations.Core.Providers.Connectors;

namespace Integrations.Core.Tests.Providers;

public sealed class InstagramConnectorTests
{
    private static readonly InstagramConnector _connector = new();

    [Theory]
    [InlineData("""{"access_token":"brief","user_id":17841405793187218,"permissions":["instagram_business_basic","instagram_business_manage_insights"]}""")]
    [InlineData("""{"data":[{"access_token":"brief","user_id":"17841405793187218","permissions":"instagram_business_basic,instagram_business_manage_insights"}]}""")]
    public async Task A_brief_token_is_exchanged_for_a_lasting_one_in_either_form_of_the_answer(string answer)
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("POST /oauth/access_token", answer).Answer("GET /access_token", """{"access_token":"lasting","token_type":"bearer","expires_in":5183944}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var grant = await _connector.ExchangeCodeAsync(harness.Exchange(_connector), "the-code", verifier: null, CancellationToken.None);

        Assert.Equal(("lasting", "lasting"), (grant.Credential.AccessToken, grant.Credential.RefreshToken));
        Assert.Equal(TimeSpan.FromSeconds(5_183_944), grant.Lifetime);
        Assert.Equal("17841405793187218", grant.Facts["user_id"]);
        Assert.Equal(["instagram_business_basic", "instagram_business_manage_insights"], grant.Scopes);
        Assert.Equal($"/access_token?grant_type=ig_exchange_token&client_secret={Uri.EscapeDataString(ProviderHarness.ClientSecret)}&access_token=brief", stub.Requests[1].Target);
    }

    [Fact]
    public async Task A_token_is_renewed_by_itself_while_it_lives()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /refresh_access_token", """{"access_token":"next","token_type":"bearer","expires_in":5184000}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));
        var credential = new ProviderCredential(new Dictionary<string, string>(StringComparer.Ordinal) { ["accessToken"] = "old", ["refreshToken"] = "old" });

        var renewed = await _connector.RefreshAsync(harness.Exchange(_connector), credential, CancellationToken.None);

        Assert.Equal(("next", "next"), (renewed.Credential.AccessToken, renewed.Credential.RefreshToken));
        Assert.Equal("/refresh_access_token?grant_type=ig_refresh_token&access_token=old", Assert.Single(stub.Requests).Target);
    }

    [Theory]
    [InlineData("""{"error_type":"OAuthException","code":400,"error_message":"Invalid client_secret"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("""{"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("""{"error_type":"OAuthException","code":400,"error_message":"This authorization code has been used"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("""{"error_type":"OAuthException","code":400,"error_message":"Matching code was not found or was already used"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("""{"error_type":"OAuthException","code":400,"error_message":"Invalid scope"}""", ProviderFaultKind.Refused)]
    public async Task Its_token_endpoint_refuses_in_a_form_of_its_own(string answer, ProviderFaultKind kind)
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("POST /oauth/access_token", new StubAnswer(400, answer));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.ExchangeCodeAsync(harness.Exchange(_connector), "the-code", verifier: null, CancellationToken.None));

        Assert.Equal(kind, fault.Kind);
    }

    [Fact]
    public async Task The_account_is_the_professional_one()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /me", """{"user_id":"17841405793187218","username":"bakery","id":"9999"}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var account = await _connector.TestAsync(harness.Session(_connector, "token"), CancellationToken.None);

        Assert.Equal(("17841405793187218", "bakery"), (account.Id, account.Name));
        Assert.Equal("/me?fields=user_id,username", Assert.Single(stub.Requests).Target);
    }
}
