using System.Net;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Web.Tests.Connections;

/// <summary>Every provider with OAuth, from the link to the revoked grant, over real HTTP against the sandbox.</summary>
public sealed class ConsentJourneyTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    public static TheoryData<string> Providers => new(ConnectorCatalog.FromAssembly().All.Where(connector => connector.OAuth is not null).Select(connector => connector.Info.Key));

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_person_without_an_account_connects_a_provider_by_a_link_and_it_is_disconnected_again(string provider)
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var control = fixture.Sandbox.Provider(provider);
        var created = await tenant.Client.PostApiAsync("/api/integrations/connections", new { service = provider, redirectUri = "http://localhost/welcome", state = "mine" });
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(("pending", "mine"), (created.String("connection.status"), created.String("state")));
        var live = control.LiveGrants;

        using var back = await new ConnectBrowser(hub).ConsentAsync(created.String("authUrl"));

        Assert.True(back.StatusCode == HttpStatusCode.Redirect, await back.Content.ReadAsStringAsync());
        var query = ConnectBrowser.QueryOf(back);
        Assert.True(query.ContainsKey("success"), back.Headers.Location!.ToString());
        Assert.Equal((created.String("connectionId"), provider, "mine"), (query["connectionId"], query["provider"], query["state"]));
        var path = $"/api/integrations/connections/{query["connectionId"]}";
        var connection = await tenant.Client.GetApiAsync(path);
        Assert.Equal("connected", connection.String("connection.status"));
        Assert.NotEmpty(connection.String("connection.account.name"));
        Assert.NotEmpty(connection["connection.permissions"].EnumerateArray());
        var test = await tenant.Client.PostApiAsync($"{path}/test");
        Assert.True(test["result.ok"].GetBoolean(), test.Text);

        var gone = await tenant.Client.DeleteApiAsync(path);

        Assert.Equal(200, gone.Status);
        Assert.Equal("disconnected", (await tenant.Client.GetApiAsync(path)).String("connection.status"));
        // Xero ends the link to one organisation and lets the person's grant live; some providers cannot revoke.
        Assert.True(control.LiveGrants <= live || provider == "xero" || ConnectorCatalog.FromAssembly().Find(provider)!.OAuth!.RevocationUrl is null, $"{control.LiveGrants} grants live");
        Assert.Empty(control.Violations);
        var events = await tenant.Client.GetApiAsync("/api/events");
        Assert.Equal(["connection.disconnected", "connection.created"], events["events"].EnumerateArray().Select(item => item.GetProperty("event").GetString()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_access_token_that_was_refused_is_renewed_and_the_call_is_made_again(DatabaseProvider database)
    {
        var (hub, tenant) = await fixture.StartAsync(database);
        var created = await tenant.Client.PostApiAsync("/api/integrations/xero/connect");
        using var back = await new ConnectBrowser(hub).ConsentAsync(created.String("authUrl"), "application/json");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        var control = fixture.Sandbox.Provider("xero");
        var before = control.Refreshes;
        control.ExpireAccessTokens();

        var test = await tenant.Client.PostApiAsync($"/api/integrations/connections/{created.String("connectionId")}/test");

        Assert.True(test["result.ok"].GetBoolean(), test.Text);
        Assert.Equal(1, control.Refreshes - before);
        var refreshed = await tenant.Client.PostApiAsync("/api/integrations/oauth/xero/refresh");
        Assert.Equal("connected", refreshed.String("connection.status"));
        Assert.Equal(2, control.Refreshes - before);
    }

    [Fact]
    public async Task A_refused_consent_goes_back_with_the_error_and_stores_nothing()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var created = await tenant.Client.GetApiAsync("/api/integrations/oauth/hubspot/authorize?redirectUri=http://localhost/welcome&state=abc");
        var browser = new ConnectBrowser(hub);

        using var back = await browser.ReturnAsync(await SandboxVisitor.DenyAsync(await browser.OpenLinkAsync(created.String("authUrl"))));

        var query = ConnectBrowser.QueryOf(back);
        Assert.Equal(("access_denied", "hubspot", "abc"), (query["error"], query["provider"], query["state"]));
        var connection = await tenant.Client.GetApiAsync($"/api/integrations/connections/{created.String("connectionId")}");
        Assert.Equal("pending", connection.String("connection.status"));
        var audit = await tenant.Client.GetApiAsync("/api/audit?action=connection.consent_refused");
        Assert.Single(audit["entries"].EnumerateArray());
    }

    [Fact]
    public async Task Without_a_return_address_a_page_tells_the_reason_and_lets_try_again()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var created = await tenant.Client.PostApiAsync("/api/integrations/connections", new { service = "dropbox" });
        var browser = new ConnectBrowser(hub);
        using var back = await browser.ReturnAsync(await SandboxVisitor.DenyAsync(await browser.OpenLinkAsync(created.String("authUrl"))));
        var result = back.Headers.Location!.ToString();
        Assert.StartsWith("/connect/result/cns_", result, StringComparison.Ordinal);

        var html = await browser.ReadAsync(result);
        Assert.Contains("Dropbox was not connected", html, StringComparison.Ordinal);
        Assert.Contains("Access was not allowed at Dropbox.", html, StringComparison.Ordinal);
        using var again = await browser.SubmitAsync(result, html, "again");
        using var connected = await browser.ConsentAsync("http://localhost" + again.Headers.Location);

        Assert.Contains("Dropbox is connected", await browser.ReadAsync(connected.Headers.Location!.ToString()), StringComparison.Ordinal);
        Assert.Equal("connected", (await tenant.Client.GetApiAsync($"/api/integrations/connections/{created.String("connectionId")}")).String("connection.status"));
    }
}
