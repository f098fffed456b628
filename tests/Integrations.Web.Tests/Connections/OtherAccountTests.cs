using System.Net;
using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

/// <summary>Somebody consents with another account than the one that is connected: the hub asks, and keeps or replaces.</summary>
public sealed class OtherAccountTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>, IDisposable
{
    private const string Provider = "dropbox";

    public void Dispose() => fixture.Sandbox.Provider(Provider).UseAccount(1);

    [Theory]
    [InlineData("keep", null)]
    [InlineData("keep", "http://localhost/welcome")]
    [InlineData("replace", null)]
    [InlineData("replace", "http://localhost/welcome")]
    public async Task A_person_with_a_link_decides(string decision, string? redirectUri)
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var first = await ConnectAsync(hub, tenant);
        var (browser, page) = await AskAsync(hub, tenant, redirectUri);
        var html = await browser.ReadAsync(page);
        Assert.Contains("This is another account", html, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(first.AccountName), html, StringComparison.Ordinal);
        // Until somebody decides, what was connected stays as it is.
        Assert.Equal((first.AccountId, first.Version), await RowAsync(hub, tenant) is var row ? (row.AccountId, row.Version) : default);
        Assert.Contains("connection.other_account", await AuditAsync(hub, tenant));

        using var decided = await browser.SubmitAsync(page, html, "decide", [new("Decision", decision)]);

        var after = await RowAsync(hub, tenant);
        Assert.Equal((first.Id, decision == "keep"), (after.Id, after.AccountId == first.AccountId));
        Assert.Equal(ConnectionStatus.Connected, after.Status);
        Assert.Contains(decision == "keep" ? "connection.account_kept" : "connection.reconnected", await AuditAsync(hub, tenant));
        Assert.Equal(["connection.created"], await EventsAsync(hub, tenant));
        Assert.Contains(decision == "keep" ? "Nothing was changed" : "Dropbox is connected", await decided.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var refresh = decided.Headers.TryGetValues("Refresh", out var values) ? values.Single() : null;
        Assert.Equal(redirectUri is not null, refresh?.Contains(decision == "keep" ? "error=account_mismatch" : "success=true", StringComparison.Ordinal) == true);

        // A second answer, such as of a form that was sent twice, changes nothing.
        using var again = await browser.SubmitAsync(page, html, "decide", [new("Decision", "replace")]);
        Assert.Equal((after.AccountId, after.Version), await RowAsync(hub, tenant) is var last ? (last.AccountId, last.Version) : default);
        await using var db = hub.OpenDatabase(tenant.Owner);
        Assert.All(await db.Consents.ToListAsync(), consent => Assert.Null(consent.Grant));
    }

    [Fact]
    public async Task Another_browser_neither_sees_the_question_nor_decides_it()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var first = await ConnectAsync(hub, tenant);
        var (browser, page) = await AskAsync(hub, tenant, null);
        var html = await browser.ReadAsync(page);
        var thief = new ConnectBrowser(hub);

        var seen = await thief.ReadAsync(page);
        Assert.Contains("There is nothing to show", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(WebUtility.HtmlEncode(first.AccountName), seen, StringComparison.Ordinal);
        using var forged = await thief.SubmitAsync(page, html, "decide", [new("Decision", "replace")]);

        Assert.Equal(first.AccountId, (await RowAsync(hub, tenant)).AccountId);
    }

    [Fact]
    public async Task Of_two_answers_at_once_one_counts()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        await ConnectAsync(hub, tenant);
        var (browser, page) = await AskAsync(hub, tenant, null);
        var html = await browser.ReadAsync(page);

        var answers = await Task.WhenAll(new[] { "replace", "keep", "replace", "keep" }.Select(decision => browser.SubmitAsync(page, html, "decide", [new("Decision", decision)])));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(await AuditAsync(hub, tenant), action => action is "connection.reconnected" or "connection.account_kept");
    }

    [Fact]
    public async Task A_member_who_lost_the_role_replaces_nothing()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var first = await ConnectAsync(hub, tenant);
        const string password = "correct horse battery staple";
        var email = $"admin-{Guid.NewGuid():N}@example.com";
        await hub.Services.GetRequiredService<MemberService>().AddAsync(tenant.Owner, email, password, Role.Admin, CancellationToken.None);
        var member = new ConnectBrowser(hub);
        await member.SignInAsync(email, password);
        fixture.Sandbox.Provider(Provider).UseAccount(2);
        using var back = await member.ReturnAsync(await SandboxVisitor.AllowAsync(await member.BeginAsync(Provider)));
        var page = back.Headers.Location!.OriginalString;
        var html = await member.ReadAsync(page);
        Assert.Contains("This is another account", html, StringComparison.Ordinal);
        await using (var db = hub.OpenDatabase())
        {
            await db.Members.Where(row => row.OrganizationId == tenant.OrganizationId && row.Role == Role.Admin).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Viewer));
        }

        using var decided = await member.SubmitAsync(page, html, "decide", [new("Decision", "replace")]);

        Assert.Equal(first.AccountId, (await RowAsync(hub, tenant)).AccountId);
    }

    [Fact]
    public async Task A_pasted_token_of_another_account_is_a_conflict_until_the_caller_says_so()
    {
        const string provider = "hubspot";
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var control = fixture.Sandbox.Provider(provider);
        control.UseAccount(2);
        var created = await tenant.Client.PostApiAsync($"/api/integrations/{provider}/connect");
        using var back = await new ConnectBrowser(hub).ConsentAsync(created.String("authUrl"), "application/json");
        control.UseAccount(1);
        var credentials = new Dictionary<string, string> { ["accessToken"] = SandboxKeys.HubSpotPrivateApp };
        var before = await RowAsync(hub, tenant);

        var refused = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider, credentials });
        Assert.Equal((409, before.Version), (refused.Status, (await RowAsync(hub, tenant)).Version));
        var replaced = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider, credentials, replaceAccount = true });

        Assert.Equal(201, replaced.Status);
        var after = await RowAsync(hub, tenant);
        Assert.Equal((before.Id, false), (after.Id, after.AccountId == before.AccountId));
    }

    [Fact]
    public async Task A_program_that_came_back_with_another_account_hears_of_a_conflict()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var first = await ConnectAsync(hub, tenant);
        fixture.Sandbox.Provider(Provider).UseAccount(2);
        var created = await tenant.Client.PostApiAsync($"/api/integrations/{Provider}/connect");

        using var answer = await new ConnectBrowser(hub).ConsentAsync(created.String("authUrl"), "application/json");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(first.AccountId, (await RowAsync(hub, tenant)).AccountId);
    }

    private static async Task<Connection> ConnectAsync(HubApp hub, HubTenant tenant)
    {
        var created = await tenant.Client.PostApiAsync($"/api/integrations/{Provider}/connect");
        using var back = await new ConnectBrowser(hub).ConsentAsync(created.String("authUrl"), "application/json");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        return await RowAsync(hub, tenant);
    }

    private async Task<(ConnectBrowser Browser, string Page)> AskAsync(HubApp hub, HubTenant tenant, string? redirectUri)
    {
        fixture.Sandbox.Provider(Provider).UseAccount(2);
        var created = await tenant.Client.PostApiAsync("/api/integrations/connections", new { service = Provider, redirectUri });
        var browser = new ConnectBrowser(hub);
        using var back = await browser.ConsentAsync(created.String("authUrl"));
        var page = back.Headers.Location!.OriginalString;
        Assert.StartsWith("/connect/result/cns_", page, StringComparison.Ordinal);
        return (browser, page);
    }

    private static async Task<Connection> RowAsync(HubApp hub, HubTenant tenant)
    {
        await using var db = hub.OpenDatabase(tenant.Owner);
        return await db.Connections.AsNoTracking().SingleAsync();
    }

    private static async Task<List<string>> AuditAsync(HubApp hub, HubTenant tenant)
    {
        await using var db = hub.OpenDatabase(tenant.Owner);
        return await db.AuditEntries.OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync();
    }

    private static async Task<List<string>> EventsAsync(HubApp hub, HubTenant tenant)
    {
        await using var db = hub.OpenDatabase(tenant.Owner);
        return await db.Events.OrderBy(row => row.Id).Select(row => row.Type).ToListAsync();
    }
}
