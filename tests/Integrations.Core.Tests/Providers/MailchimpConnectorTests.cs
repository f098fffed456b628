using System.Text;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Connectors;

namespace Integrations.Core.Tests.Providers;

public sealed class MailchimpConnectorTests
{
    private const string Key = "0123456789abcdef0123456789abcdef-us6";
    private static readonly MailchimpConnector _connector = new();

    [Fact]
    public void The_consent_page_is_asked_for_no_scopes()
    {
        using var harness = new ProviderHarness();

        var url = harness.Exchange(_connector).AuthorizationUrl("the-state", ["anything"], verifier: null);

        Assert.StartsWith("https://login.mailchimp.com/oauth2/authorize?response_type=code&", url, StringComparison.Ordinal);
        Assert.DoesNotContain("scope", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_token_the_metadata_tell_where_the_account_lives()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("POST /oauth2/token", """{"access_token":"token-1","expires_in":0,"scope":null}""")
            .Answer("GET /oauth2/metadata", """{"dc":"us6","role":"owner","accountname":"Acme","user_id":4711,"login":{"email":"a@example.com"},"api_endpoint":"https://us6.api.mailchimp.com"}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var grant = await _connector.ExchangeCodeAsync(harness.Exchange(_connector), "the-code", verifier: null, CancellationToken.None);

        Assert.Equal(["us6", "Acme", "4711", "https://us6.api.mailchimp.com"], new[] { "dc", "accountname", "user_id", "api_endpoint" }.Select(name => grant.Facts[name]));
        Assert.Null(grant.Lifetime);
        Assert.False(_connector.CanRefresh(grant.Credential));
        Assert.Equal("OAuth token-1", stub.Requests[1]["Authorization"]);
    }

    [Theory]
    [InlineData("us6", "https://us6.api.mailchimp.com/3.0")]
    [InlineData("us21", "https://us21.api.mailchimp.com/3.0")]
    public void The_api_lies_in_the_accounts_data_centre(string dataCenter, string expected)
    {
        using var harness = new ProviderHarness();
        var byConsent = harness.Session(_connector, "token", new Dictionary<string, string>(StringComparer.Ordinal) { ["dc"] = dataCenter });
        var byKey = harness.Session(_connector, AuthMode.ApiKey, new Dictionary<string, string>(StringComparer.Ordinal) { ["apiKey"] = $"0123456789abcdef0123456789abcdef-{dataCenter}" });

        Assert.Equal(expected, _connector.BaseUrlFor(byConsent));
        Assert.Equal(expected, _connector.BaseUrlFor(byKey));
        Assert.Null(_connector.WhyNotHost(new Uri(expected)));
    }

    [Theory]
    [InlineData("evil.example/")]
    [InlineData("us6.evil.example#")]
    [InlineData("10.0.0.1:80/?")]
    public async Task A_data_centre_that_is_none_leads_the_token_nowhere(string dataCenter)
    {
        using var harness = new ProviderHarness();
        var session = harness.Session(_connector, "token", new Dictionary<string, string>(StringComparer.Ordinal) { ["dc"] = dataCenter });

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.TestAsync(session, CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Refused, fault.Kind);
        Assert.Contains("is not an address of Mailchimp", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_goes_as_the_password_of_anybody()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /3.0/", """{"account_id":"8d3a3db4d97663a9074efcc16","account_name":"Freddie's Jokes"}""");
        using var harness = Harness(stub);

        var account = await _connector.TestAsync(ByKey(harness), CancellationToken.None);

        Assert.Equal(("8d3a3db4d97663a9074efcc16", "Freddie's Jokes"), (account.Id, account.Name));
        var header = stub.Requests[0]["Authorization"]!;
        Assert.StartsWith("Basic ", header, StringComparison.Ordinal);
        Assert.EndsWith($":{Key}", Encoding.ASCII.GetString(Convert.FromBase64String(header["Basic ".Length..])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_403_means_too_many_and_is_tried_again()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /3.0/", new StubAnswer(403, "<html>Forbidden</html>") { ContentType = "text/html" }, """{"account_id":"a","account_name":"b"}""");
        using var harness = Harness(stub);

        await _connector.TestAsync(ByKey(harness), CancellationToken.None);

        Assert.Equal([true, false], harness.Calls.Select(call => call.IsThrottled));
    }

    [Fact]
    public async Task A_403_that_says_why_is_a_refusal()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /3.0/", new StubAnswer(403, """{"type":"about:blank","title":"User Does Not Have Access","status":403,"detail":"This API key lacks the role.","instance":"x"}""")
        {
            ContentType = "application/problem+json",
        });
        using var harness = Harness(stub);

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.TestAsync(ByKey(harness), CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Forbidden, fault.Kind);
        Assert.Equal("Mailchimp answered 403: This API key lacks the role.", fault.Message);
    }

    [Fact]
    public async Task Audiences_can_be_chosen_by_name()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /3.0/lists", """{"lists":[{"id":"abc123","name":"Customers"},{"id":"def456","name":"Newsletter"}]}""");
        using var harness = Harness(stub);

        var choices = await _connector.ListChoicesAsync(ByKey(harness), "audienceId", CancellationToken.None);

        Assert.Equal([new("abc123", "Customers"), new SettingChoice("def456", "Newsletter")], choices);
    }

    private static ProviderHarness Harness(ProviderStub stub) => new(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Providers:mailchimp:ApiBaseUrl"] = $"{stub.Url}/3.0" });

    private static ProviderSession ByKey(ProviderHarness harness) =>
        harness.Session(_connector, AuthMode.ApiKey, new Dictionary<string, string>(StringComparer.Ordinal) { ["apiKey"] = Key });
}
