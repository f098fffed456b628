using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

/// <summary>Hosts that come with a connection: a token, or the hub's own secret, goes to the provider's and no other.</summary>
public sealed class ProviderHostTests
{
    private static readonly ConnectorCatalog _catalog = ConnectorCatalog.FromAssembly();

    [Theory]
    [InlineData("salesforce", "https://na1.salesforce.com")]
    [InlineData("salesforce", "https://acme.my.salesforce.com/services/data/v60.0/limits")]
    [InlineData("salesforce", "https://acme--uat.sandbox.my.salesforce.com")]
    [InlineData("salesforce", "https://acme.lightning.force.com")]
    [InlineData("zoho", "https://www.zohoapis.com")]
    [InlineData("zoho", "https://www.zohoapis.eu/crm/v8/org")]
    [InlineData("zoho", "https://www.zohoapis.com.au")]
    [InlineData("zoho", "https://www.zohoapis.ca")]
    public void The_providers_own_hosts_may_be_called(string key, string url) => Assert.Null(_catalog.Find(key)!.WhyNotHost(new Uri(url)));

    [Theory]
    [InlineData("salesforce", "http://na1.salesforce.com")]
    [InlineData("salesforce", "https://salesforce.com.evil.example")]
    [InlineData("salesforce", "https://evilsalesforce.com")]
    [InlineData("salesforce", "https://na1.salesforce.com:8443")]
    [InlineData("salesforce", "https://na1.salesforce.com@evil.example")]
    [InlineData("salesforce", "https://user@na1.salesforce.com")]
    [InlineData("salesforce", "https://127.0.0.1")]
    [InlineData("zoho", "http://www.zohoapis.com")]
    [InlineData("zoho", "https://www.zohoapis.com.evil.example")]
    [InlineData("zoho", "https://zohoapis.com")]
    [InlineData("zoho", "https://accounts.zoho.com")]
    public void Others_may_not(string key, string url) => Assert.NotNull(_catalog.Find(key)!.WhyNotHost(new Uri(url)));

    [Theory]
    [InlineData("salesforce", "instance_url")]
    [InlineData("zoho", "api_domain")]
    public async Task A_token_is_not_sent_to_a_host_that_a_connection_only_claims(string key, string fact)
    {
        await using var stub = await ProviderStub.StartAsync();
        using var harness = new ProviderHarness();
        var connector = _catalog.Find(key)!;

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => connector.TestAsync(harness.Session(connector, "token", Facts((fact, stub.Url))), CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Refused, fault.Kind);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("https://accounts.zoho.com", "https://accounts.zoho.com/oauth/v2/token")]
    [InlineData("https://accounts.zoho.eu", "https://accounts.zoho.eu/oauth/v2/token")]
    [InlineData("https://accounts.zohocloud.ca/", "https://accounts.zohocloud.ca/oauth/v2/token")]
    [InlineData("", "https://accounts.zoho.com/oauth/v2/token")]
    public void Zoho_trades_a_code_where_the_account_lives(string server, string url)
    {
        using var harness = new ProviderHarness();
        var connector = _catalog.Find("zoho")!;

        Assert.Equal(url, connector.TokenUrlFor(harness.Exchange(connector, Facts(("accounts-server", server)))));
    }

    [Theory]
    [InlineData("https://accounts.zoho.evil.example")]
    [InlineData("https://accounts.zoho.com.evil.example")]
    [InlineData("http://accounts.zoho.com")]
    [InlineData("https://accounts.zoho.com/path")]
    [InlineData("https://accounts.zoho.com@evil.example")]
    [InlineData("https://accounts.zoho.com:8443")]
    [InlineData("http://127.0.0.1:9")]
    [InlineData("nonsense")]
    public async Task The_hubs_secret_goes_to_no_accounts_server_but_Zohos(string server)
    {
        using var harness = new ProviderHarness();
        var connector = _catalog.Find("zoho")!;
        var exchange = harness.Exchange(connector, Facts(("accounts-server", server)));

        Assert.Equal(ProviderFaultKind.Refused, (await Assert.ThrowsAsync<ProviderFault>(() => connector.ExchangeCodeAsync(exchange, "code", null, CancellationToken.None))).Kind);
        var credential = new ProviderCredential(Facts((ProviderCredential.RefreshTokenName, "refresh")));
        Assert.Equal(ProviderFaultKind.Refused, (await Assert.ThrowsAsync<ProviderFault>(() => connector.RevokeAsync(exchange, credential, CancellationToken.None))).Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../oauth")]
    [InlineData("123?x=")]
    [InlineData("１２３４５６７８９０")]
    public async Task QuickBooks_takes_no_company_that_is_no_number(string? realm)
    {
        using var harness = new ProviderHarness();
        var connector = _catalog.Find("quickbooks")!;
        var facts = realm is null ? Facts() : Facts(("realmId", realm));

        Assert.Equal(ProviderFaultKind.Refused, (await Assert.ThrowsAsync<ProviderFault>(() => connector.ExchangeCodeAsync(harness.Exchange(connector, facts), "code", null, CancellationToken.None))).Kind);
        Assert.Equal(ProviderFaultKind.Refused, (await Assert.ThrowsAsync<ProviderFault>(() => connector.TestAsync(harness.Session(connector, "token", facts), CancellationToken.None))).Kind);
    }

    [Fact]
    public async Task QuickBooks_finds_out_that_a_company_is_one_of_a_developer()
    {
        using var harness = new ProviderHarness();
        var connector = _catalog.Find("quickbooks")!;
        List<string> urls = [];
        var session = new ProviderSession(connector, harness.UrlsOf(connector), AuthMode.OAuth2, new ProviderCredential(Facts()), (_, request, _) =>
        {
            urls.Add(request.Url);
            return request.Url.Contains("sandbox", StringComparison.Ordinal)
                ? Task.FromResult(Answers.Of(200, """{"CompanyInfo":{"CompanyName":"Craig's Landscaping"}}"""))
                : Task.FromException<ProviderAnswer>(new ProviderFault(ProviderFaultKind.Forbidden, "No."));
        })
        {
            Facts = Facts(("realmId", "4620816365001234567")),
        };

        var account = await connector.TestAsync(session, CancellationToken.None);

        Assert.Equal(
            [
                "https://quickbooks.api.intuit.com/v3/company/4620816365001234567/companyinfo/4620816365001234567",
                "https://sandbox-quickbooks.api.intuit.com/v3/company/4620816365001234567/companyinfo/4620816365001234567",
            ],
            urls);
        Assert.Equal(("4620816365001234567", "Craig's Landscaping", "sandbox"), (account.Id, account.Name, account.Facts["environment"]));
    }

    private static Dictionary<string, string> Facts(params (string Name, string Value)[] facts) => facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);
}
