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

/// <summary>Callbacks that were stolen, forged, changed or come twice: each a clear page, nothing stored, and audited where the organization is known.</summary>
public sealed class TamperTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    private const string Failed = "/connect/failed";
    private const string Password = "correct horse battery staple";

    [Fact]
    public async Task Another_browser_cannot_finish_a_consent_and_nor_can_the_first_one_then()
    {
        var start = await StartAsync();
        using var stolen = await new ConnectBrowser(start.Hub).ReturnAsync(start.Back);

        await AssertRejectedAsync(start, stolen, "The state was made in another browser.");
        using var late = await start.Browser.ReturnAsync(start.Back);
        Assert.Equal(Failed, late.Headers.Location!.OriginalString);
        await AssertNothingStoredAsync(start);
    }

    [Fact]
    public async Task A_browser_with_a_consent_of_its_own_cannot_finish_another_ones()
    {
        var start = await StartAsync();
        var other = await StartAsync(start.Hub, start.Tenant);
        using var stolen = await other.Browser.ReturnAsync(start.Back);

        await AssertRejectedAsync(start, stolen, "The state was made in another browser.");
        using var own = await other.Browser.ReturnAsync(other.Back);
        Assert.StartsWith("/connect/result/", own.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_member_even_of_another_organization_cannot_finish_a_members_consent(bool isOfAnotherOrganization)
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var victim = await SignedInAsync(hub, tenant, Role.Admin);
        var back = await SandboxVisitor.AllowAsync(await victim.BeginAsync("dropbox"));
        var thief = await SignedInAsync(hub, isOfAnotherOrganization ? await hub.CreateOrganizationAsync() : tenant, Role.Owner);
        thief.Steal(victim);

        using var stolen = await thief.ReturnAsync(back);

        await AssertRejectedAsync(new Start(hub, tenant, victim, back), stolen, "The state was made for another member.");
    }

    [Fact]
    public async Task A_member_who_signed_out_or_lost_the_role_cannot_finish_it()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var victim = await SignedInAsync(hub, tenant, Role.Admin);
        var first = await SandboxVisitor.AllowAsync(await victim.BeginAsync("dropbox"));
        var signedOut = new ConnectBrowser(hub);
        signedOut.Steal(victim);
        using var unknown = await signedOut.ReturnAsync(first);
        await AssertRejectedAsync(new Start(hub, tenant, victim, first), unknown, "The state was made for another member.");

        var second = await SandboxVisitor.AllowAsync(await victim.BeginAsync("dropbox"));
        await using (var db = hub.OpenDatabase())
        {
            await db.Members.Where(member => member.OrganizationId == tenant.OrganizationId && member.Role == Role.Admin).ExecuteUpdateAsync(set => set.SetProperty(member => member.Role, Role.Viewer));
        }

        using var demoted = await victim.ReturnAsync(second);
        await AssertRejectedAsync(new Start(hub, tenant, victim, second), demoted, "The member may not connect providers any more.");
    }

    [Fact]
    public async Task A_members_own_consent_leads_back_to_the_providers_page()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var member = await SignedInAsync(hub, tenant, Role.Admin);

        using var back = await member.ReturnAsync(await SandboxVisitor.AllowAsync(await member.BeginAsync("dropbox")));

        Assert.Equal("/integrations/dropbox?connected=1", back.Headers.Location!.OriginalString);
        Assert.Equal(ConnectionStatus.Connected, (await RowAsync(new Start(hub, tenant, member, new Uri("http://localhost"))))!.Status);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Of_many_that_come_back_at_once_with_the_same_state_one_counts(DatabaseProvider database)
    {
        var (hub, tenant) = await fixture.StartAsync(database);
        var start = await StartAsync(hub, tenant);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => start.Browser.ReturnAsync(start.Back)));
        using var later = await start.Browser.ReturnAsync(start.Back);

        Assert.Single(answers, answer => answer.Headers.Location!.OriginalString.StartsWith("/connect/result/", StringComparison.Ordinal));
        Assert.Equal(7, answers.Count(answer => answer.Headers.Location!.OriginalString == Failed));
        Assert.Equal(Failed, later.Headers.Location!.OriginalString);
        Assert.Equal(ConnectionStatus.Connected, (await RowAsync(start))!.Status);
        Assert.Empty(fixture.Sandbox.Violations);
    }

    [Fact]
    public async Task Of_many_that_open_the_same_link_at_once_one_goes_on()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var link = await LinkAsync(tenant, "dropbox");

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var html = await Record.ExceptionAsync(() => new ConnectBrowser(hub).OpenLinkAsync(link));
            return html is null;
        }));

        Assert.Single(opened, isOpened => isOpened);
        Assert.Contains("This link cannot be used", await new ConnectBrowser(hub).ReadAsync(new Uri(link).PathAndQuery), StringComparison.Ordinal);
    }

    [Fact]
    public async Task States_live_for_ten_minutes_and_links_for_thirty()
    {
        var clock = new FakeClock(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Settings = ConnectionsFixture.SettingsOf(fixture.Sandbox), Time = clock });
        var inTime = await StartAsync(hub, hub.Tenant);
        clock.Advance(TimeSpan.FromMinutes(9.9));
        using var good = await inTime.Browser.ReturnAsync(inTime.Back);
        Assert.StartsWith("/connect/result/", good.Headers.Location!.OriginalString, StringComparison.Ordinal);

        var late = await StartAsync(hub, hub.Tenant, "hubspot");
        clock.Advance(TimeSpan.FromMinutes(10));
        using var expired = await late.Browser.ReturnAsync(late.Back);
        Assert.Equal(Failed, expired.Headers.Location!.OriginalString);
        await AssertNothingStoredAsync(late);

        var link = await LinkAsync(hub.Tenant, "hubspot");
        clock.Advance(TimeSpan.FromMinutes(29.9));
        var page = await new ConnectBrowser(hub).ReadAsync(new Uri(link).PathAndQuery);
        Assert.Contains("Connect HubSpot to Acme", page, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(0.2));
        var browser = new ConnectBrowser(hub);
        Assert.Contains("This link cannot be used", await browser.ReadAsync(new Uri(link).PathAndQuery), StringComparison.Ordinal);
        using var forced = await browser.SubmitAsync(new Uri(link).PathAndQuery, page, "connect");
        Assert.DoesNotContain("Refresh", forced.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task Another_members_link_cannot_be_used()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var link = await hub.Services.GetRequiredService<ConsentLinks>().CreateAsync(tenant.Owner, new ConsentInput { Provider = "dropbox" }, memberOnly: true, creates: false, CancellationToken.None);
        var path = new Uri(link.Url).PathAndQuery;

        Assert.Contains("This link cannot be used", await new ConnectBrowser(hub).ReadAsync(path), StringComparison.Ordinal);
        Assert.Contains("This link cannot be used", await (await SignedInAsync(hub, tenant, Role.Owner)).ReadAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state=")]
    [InlineData("state=made-up-by-somebody-0123456789012345678901234")]
    [InlineData("code=abc")]
    [InlineData("error=access_denied")]
    [InlineData("")]
    public async Task A_callback_that_nobody_asked_for_says_so(string query)
    {
        var hub = await fixture.HubAsync(DatabaseProvider.Sqlite);
        var browser = new ConnectBrowser(hub);
        using var answer = await browser.SendAsync(HttpMethod.Get, $"/api/integrations/oauth/dropbox/callback?{query}");
        using var json = await browser.SendAsync(HttpMethod.Get, $"/api/integrations/oauth/dropbox/callback?{query}", accept: "application/json");

        Assert.Equal((HttpStatusCode.Redirect, Failed), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Contains("Nothing was stored.", await browser.ReadAsync(Failed), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (json.StatusCode, json.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_code_or_an_error_has_to_be_there()
    {
        var start = await StartAsync();
        await AssertFailedAsync(start, new Uri(Only(start.Back, "state")), "Dropbox sent neither a code nor an error.");
    }

    [Theory]
    [InlineData("state", Failed)]
    [InlineData("code", null)]
    [InlineData("iss", null)]
    [InlineData("error", null)]
    [InlineData("anything", null)]
    public async Task A_parameter_that_comes_twice_is_a_forgery(string name, string? location)
    {
        var start = await StartAsync(provider: "google-drive");
        var value = QueryOf(start.Back).GetValueOrDefault(name, "https://accounts.google.com");
        var twice = name is "state" or "code" ? $"{start.Back}&{name}=other" : $"{start.Back}&{name}={Uri.EscapeDataString(value)}&{name}=other";
        using var answer = await start.Browser.ReturnAsync(new Uri(twice));

        if (location is not null)
        {
            Assert.Equal(location, answer.Headers.Location!.OriginalString);
        }
        else
        {
            Assert.Contains("could not be connected", await start.Browser.ReadAsync(answer.Headers.Location!.OriginalString), StringComparison.Ordinal);
        }

        await AssertNothingStoredAsync(start);
    }

    [Fact]
    public async Task What_a_provider_says_is_shown_as_text()
    {
        const string script = "<script>alert(1)</script>";
        var start = await StartAsync();
        var forged = new Uri(Only(start.Back, "state") + $"&error=server_error&error_description={Uri.EscapeDataString(script)}");
        using var answer = await start.Browser.ReturnAsync(forged);

        var html = await start.Browser.ReadAsync(answer.Headers.Location!.OriginalString);

        Assert.DoesNotContain(script, html, StringComparison.Ordinal);
        Assert.Contains("Dropbox answered: &lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        await AssertNothingStoredAsync(start);
        Assert.Contains("connection.consent_refused", await AuditAsync(start));
    }

    [Fact]
    public async Task What_a_provider_says_is_a_value_in_the_address_that_it_leads_to()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var link = await LinkAsync(tenant, "dropbox", "http://localhost/welcome?x=1#part");
        var browser = new ConnectBrowser(hub);
        var back = await SandboxVisitor.AllowAsync(await browser.OpenLinkAsync(link));

        using var answer = await browser.ReturnAsync(new Uri(Only(back, "state") + "&error=bad&error_description=" + Uri.EscapeDataString("a&success=true\r\nX: y#z")));

        var query = ConnectBrowser.QueryOf(answer);
        Assert.Equal(("bad", "Dropbox answered: a&success=true\r\nX: y#z", "1", false), (query["error"], query["error_description"], query["x"], query.ContainsKey("success")));
    }

    [Fact]
    public async Task A_code_for_another_provider_is_not_taken()
    {
        var start = await StartAsync();
        using var elsewhere = await start.Browser.SendAsync(HttpMethod.Get, start.Back.PathAndQuery.Replace("/dropbox/", "/hubspot/", StringComparison.Ordinal));
        await AssertRejectedAsync(start, elsewhere, "The state was made for another provider.");

        var dropbox = await StartAsync(start.Hub, start.Tenant);
        var other = await StartAsync(start.Hub, start.Tenant, "hubspot");
        var swapped = new Uri($"{Only(dropbox.Back, "state")}&code={QueryOf(other.Back)["code"]}");
        await AssertFailedAsync(dropbox, swapped, "Dropbox answered 400");
    }

    [Fact]
    public async Task The_alias_of_the_callback_keeps_the_same_rules()
    {
        var start = await StartAsync();
        using var answer = await new ConnectBrowser(start.Hub).SendAsync(HttpMethod.Get, $"/api/integrations/dropbox/callback{start.Back.Query}");

        await AssertRejectedAsync(start, answer, "The state was made in another browser.");
    }

    [Theory]
    [InlineData("https://evil.example", "")]
    [InlineData("https://evil.example", "&error=access_denied")]
    [InlineData("https://accounts.google.com.evil.example", "")]
    [InlineData("https://accounts.google.com/", "")]
    public async Task An_answer_in_the_name_of_another_server_is_not_taken(string issuer, string more)
    {
        var start = await StartAsync(provider: "google-drive");
        await AssertFailedAsync(start, new Uri($"{start.Back}&iss={Uri.EscapeDataString(issuer)}{more}"), $"The answer came from {issuer}, not from Google Drive.");
    }

    [Fact]
    public async Task An_answer_in_the_servers_own_name_is()
    {
        var start = await StartAsync(provider: "google-drive");
        using var answer = await start.Browser.ReturnAsync(new Uri($"{start.Back}&iss=https%3A%2F%2Faccounts.google.com"));

        Assert.Contains("Google Drive is connected", await start.Browser.ReadAsync(answer.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://accounts.zoho.com.evil.example")]
    [InlineData("https://accounts.zoho.com@evil.example")]
    [InlineData("http://accounts.zoho.com")]
    [InlineData("https://accounts.zoho.com:8443")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("//evil.example")]
    [InlineData("accounts")]
    public async Task An_accounts_server_that_is_not_the_providers_gets_nothing(string server)
    {
        var start = await StartAsync(provider: "zoho");
        var calls = fixture.Sandbox.Provider("zoho").Calls.Count;
        await AssertFailedAsync(
            start, new Uri($"{Only(start.Back, "state", "code", "location")}&accounts-server={Uri.EscapeDataString(server)}"), "The consent came back with an accounts server that is not Zoho");
        Assert.Equal(calls, fixture.Sandbox.Provider("zoho").Calls.Count);
    }

    [Theory]
    [InlineData("salesforce", "instanceUrl", "https://evil.example")]
    [InlineData("salesforce", "instanceUrl", "https://acme.my.salesforce.com.evil.example")]
    [InlineData("salesforce", "instanceUrl", "https://acme.my.salesforce.com@evil.example")]
    [InlineData("salesforce", "instanceUrl", "https://10.0.0.1")]
    [InlineData("salesforce", "instanceUrl", "http://169.254.169.254")]
    [InlineData("salesforce", "instanceUrl", "http://acme.my.salesforce.com")]
    [InlineData("salesforce", "instanceUrl", "https://[::1]")]
    [InlineData("salesforce", "instanceUrl", "file:///etc/passwd")]
    [InlineData("zoho", "apiDomain", "https://evil.example")]
    [InlineData("zoho", "apiDomain", "https://www.zohoapis.com.evil.example")]
    [InlineData("zoho", "apiDomain", "https://localhost:5432")]
    public async Task An_address_with_a_pasted_token_that_is_not_the_providers_gets_nothing(string provider, string field, string url)
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var token = provider == "zoho" ? SandboxKeys.ZohoToken : SandboxKeys.SalesforceToken;

        var refused = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider, credentials = new Dictionary<string, string> { ["accessToken"] = token, [field] = url } });

        Assert.True(refused.Status == 400, refused.Text);
        Assert.Equal($"credentials.{field}", Assert.Single(refused.Fields));
        Assert.DoesNotContain(token, refused.Text, StringComparison.Ordinal);
        await using var db = hub.OpenDatabase(tenant.Owner);
        Assert.Empty(await db.Connections.ToListAsync());
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://localhost@evil.example/")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("http://localhost:81/")]
    [InlineData("https://localhost/")]
    [InlineData("//evil.example")]
    [InlineData("/welcome")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("https://partner.example/other")]
    [InlineData("https://partner.example/back/../other")]
    [InlineData("https://u@partner.example/back")]
    public async Task People_are_led_to_no_address_that_is_not_listed(string target)
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        await AllowReturnAsync(hub, tenant, "https://partner.example/back", "https://partner.example/all/");

        var refused = await tenant.Client.PostApiAsync("/api/integrations/connections", new { service = "dropbox", redirectUri = target });

        Assert.Equal((400, "redirectUri"), (refused.Status, Assert.Single(refused.Fields)));
        await using var db = hub.OpenDatabase(tenant.Owner);
        Assert.Empty(await db.Connections.ToListAsync());
    }

    [Theory]
    [InlineData("https://partner.example/back", "https://partner.example/back?")]
    [InlineData("https://partner.example/back?customer=7", "https://partner.example/back?customer=7&")]
    [InlineData("https://partner.example/all/of/it", "https://partner.example/all/of/it?")]
    [InlineData("http://localhost/übersicht", "http://localhost/%C3%BCbersicht?")]
    public async Task People_are_led_to_listed_addresses_and_the_hubs_own(string target, string expected)
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        await AllowReturnAsync(hub, tenant, "https://partner.example/back", "https://partner.example/all/");
        var created = await tenant.Client.PostApiAsync("/api/integrations/connections", new { service = "dropbox", redirectUri = target });
        Assert.True(created.Status == 201, created.Text);

        using var back = await new ConnectBrowser(hub).ConsentAsync(created.String("authUrl"));

        var location = back.Headers.GetValues("Location").Single();
        Assert.StartsWith(expected, location.StartsWith('/') ? "http://localhost" + location : location, StringComparison.Ordinal);
        Assert.Contains("success=true", location, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> QueryOf(Uri uri) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    // The way back with some of its parameters only.
    private static string Only(Uri back, params string[] names) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(back.GetLeftPart(UriPartial.Path), QueryOf(back).Where(pair => names.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => (string?)pair.Value));

    private static async Task<string> LinkAsync(HubTenant tenant, string provider, string? redirectUri = null)
    {
        var created = await tenant.Client.PostApiAsync("/api/integrations/connections", new { service = provider, redirectUri });
        Assert.True(created.Status == 201, created.Text);
        return created.String("authUrl");
    }

    private static async Task AllowReturnAsync(HubApp hub, HubTenant tenant, params List<string> urls)
    {
        await using var db = hub.OpenDatabase();
        await db.Organizations.Where(organization => organization.Id == tenant.OrganizationId).ExecuteUpdateAsync(set => set.SetProperty(organization => organization.ReturnUrls, urls));
    }

    private static async Task<ConnectBrowser> SignedInAsync(HubApp hub, HubTenant tenant, Role role)
    {
        var email = $"{role}-{Guid.NewGuid():N}@example.com".ToLowerInvariant();
        await hub.Services.GetRequiredService<MemberService>().AddAsync(tenant.Owner, email, Password, role, CancellationToken.None);
        var browser = new ConnectBrowser(hub);
        await browser.SignInAsync(email, Password);
        return browser;
    }

    private async Task<Start> StartAsync(HubApp? hub = null, HubTenant? tenant = null, string provider = "dropbox")
    {
        if (hub is null || tenant is null)
        {
            (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        }

        var browser = new ConnectBrowser(hub);
        return new Start(hub, tenant, browser, await SandboxVisitor.AllowAsync(await browser.OpenLinkAsync(await LinkAsync(tenant, provider))), provider);
    }

    // Nothing is told of whose it is; the organization's audit log knows.
    private static async Task AssertRejectedAsync(Start start, HttpResponseMessage answer, string reason)
    {
        Assert.Equal((HttpStatusCode.Redirect, Failed), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var page = await new ConnectBrowser(start.Hub).ReadAsync(Failed);
        Assert.Contains("belongs to another browser or person", page, StringComparison.Ordinal);
        Assert.DoesNotContain(reason, page, StringComparison.Ordinal);
        await AssertNothingStoredAsync(start);
        var audit = (await start.Tenant.Client.GetApiAsync("/api/audit?action=connection.consent_rejected"))["entries"].EnumerateArray().First();
        Assert.Contains(reason, audit.ToString(), StringComparison.Ordinal);
    }

    private static async Task AssertFailedAsync(Start start, Uri back, string reason)
    {
        using var answer = await start.Browser.ReturnAsync(back);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/connect/result/cns_", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var html = WebUtility.HtmlDecode(await start.Browser.ReadAsync(answer.Headers.Location!.OriginalString));
        Assert.Contains("could not be connected", html, StringComparison.Ordinal);
        Assert.Contains(reason, html, StringComparison.Ordinal);
        await AssertNothingStoredAsync(start);
        Assert.Contains("connection.consent_failed", await AuditAsync(start));
    }

    private static async Task AssertNothingStoredAsync(Start start)
    {
        var row = await RowAsync(start);
        Assert.Equal((ConnectionStatus.Pending, null), (row!.Status, row.Credential));
        await using var db = start.Hub.OpenDatabase(start.Tenant.Owner);
        Assert.All(await db.Consents.Where(consent => consent.ReturnedAt != null).ToListAsync(), consent => Assert.Null(consent.Grant));
    }

    private static async Task<Connection?> RowAsync(Start start)
    {
        await using var db = start.Hub.OpenDatabase(start.Tenant.Owner);
        return await db.Connections.AsNoTracking().SingleOrDefaultAsync(row => row.Provider == start.Provider);
    }

    private static async Task<List<string>> AuditAsync(Start start)
    {
        await using var db = start.Hub.OpenDatabase(start.Tenant.Owner);
        return await db.AuditEntries.Select(entry => entry.Action).ToListAsync();
    }

    private sealed record Start(HubApp Hub, HubTenant Tenant, ConnectBrowser Browser, Uri Back, string Provider = "dropbox");
}
