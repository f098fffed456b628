using Integrations.Core.Connections;
using Integrations.Core.Tests.Providers;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Connections;

/// <summary>A token answer that names an address inside or elsewhere: the new token goes nowhere, and nothing is stored.</summary>
public sealed class TokenAddressTests
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://169.254.169.254")]
    [InlineData("https://acme.my.salesforce.com.evil.example")]
    [InlineData("https://acme.my.salesforce.com@evil.example")]
    [InlineData("http://acme.my.salesforce.com")]
    [InlineData("https://acme.my.salesforce.com:8443")]
    [InlineData("nonsense")]
    [InlineData("file:///etc/passwd")]
    public Task Salesforce_instance_url(string url) => RefuseAsync("salesforce", "instance_url", url);

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://localhost:5432")]
    [InlineData("https://www.zohoapis.com.evil.example")]
    [InlineData("http://www.zohoapis.com")]
    [InlineData("//evil.example")]
    public Task Zoho_api_domain(string url) => RefuseAsync("zoho", "api_domain", url);

    private static async Task RefuseAsync(string provider, string member, string url)
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("POST /token", $$"""{"access_token":"canary-access-token","refresh_token":"canary-refresh-token","token_type":"Bearer","scope":"api refresh_token id","{{member}}":"{{url}}","id":"{{url}}/id/a/b"}""");
        // The stub is an origin of the token endpoint's, and so is not where the API may be taken to lie.
        await using var world = await ConnectionWorld.StartAsync(settings: [($"Providers:{provider}:TokenUrl", stub.Url + "/token")]);
        var link = await world.Get<ConsentLinks>().CreateAsync(world.Actor, new ConsentInput { Provider = provider }, memberOnly: false, creates: false, CancellationToken.None);
        var page = await world.Get<ConsentService>().StartAsync(link.Token, ConnectionWorld.Browser, CancellationToken.None);
        var query = ConnectionWorld.Query(await Integrations.Sandbox.SandboxVisitor.AllowAsync(page!));
        query.Remove("accounts-server");

        var result = await world.Get<ConsentService>().CompleteAsync(provider, query, ConnectionWorld.Browser, CancellationToken.None);

        Assert.True(result.Outcome == ConsentOutcome.Failed, $"{result}");
        Assert.DoesNotContain("canary", result.Reason, StringComparison.Ordinal);
        Assert.All(stub.Requests, request => Assert.Equal("POST /token", $"{request.Method} {request.Target}"));
        await using var db = world.Hub.Open();
        var row = await db.Connections.SingleAsync();
        Assert.Equal((ConnectionStatus.Pending, null, 0), (row.Status, row.Credential, row.Facts.Count));
        Assert.Equal("connection.consent_failed", (await world.AuditAsync())[^1]);
    }
}
