using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Web.Connections;
using Integrations.Web.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

public sealed class ProviderPageTests : ConnectionTest
{
    [Fact]
    public void A_provider_that_is_not_connected_says_what_it_is_and_how_to_connect_it()
    {
        var page = Open("stripe");

        Assert.Equal("Stripe", page.Find("h1").TextContent);
        Assert.Contains("API key", page.Find(".columns").TextContent, StringComparison.Ordinal);
        Assert.Contains("Create draft invoices", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["Connect", "Connect link…"], Buttons(page));
        Assert.Empty(page.FindAll(".tabs"));
    }

    [Fact]
    public void A_provider_that_is_none_is_told_in_words()
    {
        var page = Open("nothing");

        Assert.Contains("There is no such provider", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_shows_its_account_and_what_can_be_done()
    {
        var made = await ConsentAsync("xero", "read:contacts");

        var page = Open("xero");

        Assert.Contains(made.AccountName, page.Find(".facts").TextContent, StringComparison.Ordinal);
        Assert.Equal("Active", page.Find(".facts .badge").TextContent);
        Assert.Equal(["Test", "Refresh now", "Reconnect", "Disconnect", "Connect link…"], Buttons(page));
        Assert.Equal(["Overview", "Sync", "Mapping", "Settings", "Calls", "History"], page.FindAll(".tab").Select(tab => tab.TextContent.Trim()));
        Assert.Equal(["Read contacts"], page.FindAll("li.step-done").Select(row => row.TextContent.Trim()));
    }

    [Fact]
    public async Task A_test_says_whose_account_it_opens_and_a_withdrawn_consent_is_told_with_the_next_step()
    {
        await ConsentAsync("xero");
        var page = Open("xero");

        page.FindAll(".page-actions button")[0].Click();
        page.WaitForAssertion(() => Assert.Contains(Toasts.Current, toast => toast.Text.StartsWith("Xero answers for", StringComparison.Ordinal)));
        Sandbox.Provider("xero").RevokeGrants();
        page.FindAll(".page-actions button")[0].Click();

        page.WaitForAssertion(() => Assert.Equal("Needs authorization", page.Find(".facts .badge").TextContent), TimeSpan.FromSeconds(5));
        Assert.Contains("Reconnect it to go on", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Reconnect", Buttons(page)[0]);
    }

    [Fact]
    public async Task A_consent_that_came_back_is_told_once()
    {
        await ConsentAsync("xero");
        Navigation.NavigateTo("/integrations/xero?connected=1&tab=settings#_");

        var page = Open("xero");

        page.WaitForAssertion(() => Assert.Equal("Xero is connected.", Assert.Single(Toasts.Current).Text));
        // The browser fetches a page again that moves on before it takes input.
        Assert.EndsWith("?connected=1&tab=settings#_", Navigation.Uri, StringComparison.Ordinal);
        await Services.GetRequiredService<Browser>().MarkReadyAsync();
        page.WaitForAssertion(() => Assert.EndsWith("/integrations/xero?tab=settings", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_viewer_reads_everything_and_is_offered_nothing()
    {
        await ConsentAsync("slack");
        SignIn(await Hub.AddMemberAsync(Role.Viewer));
        Navigation.NavigateTo("/integrations/slack?tab=settings");

        var page = Open("slack");

        page.WaitForAssertion(() => Assert.Contains("Send messages", page.Find(".tab-panel").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("form"));
        Assert.Empty(Buttons(page));
        Assert.DoesNotContain("Actions", page.FindAll(".tab").Select(tab => tab.TextContent.Trim()));
    }

    [Fact]
    public async Task A_kept_credential_connects_again_without_asking()
    {
        var made = await ConnectStripeAsync();
        await Hub.Get<ConnectionService>().DisconnectAsync(Hub.Owner, made.Id, keepCredential: true, CancellationToken.None);
        var page = Open("stripe");
        Assert.Contains("Its credential was kept.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Overview", "History"], page.FindAll(".tab").Select(tab => tab.TextContent.Trim()));

        page.Find(".notice button").Click();

        page.WaitForAssertion(() => Assert.Equal("Active", page.Find(".facts .badge").TextContent), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task The_history_tells_who_did_what()
    {
        await ConnectStripeAsync();
        Navigation.NavigateTo("/integrations/stripe?tab=history");

        var page = Open("stripe");

        page.WaitForAssertion(() => Assert.Contains("Connected a provider", page.Find("tbody").TextContent, StringComparison.Ordinal));
        Assert.Contains("ann@example.com", page.Find("tbody").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_webhook_URLs_stand_first_and_lead_to_their_pages()
    {
        await ConnectUrlAsync("orders");
        await ConnectUrlAsync("refunds");

        var page = Open("custom");

        page.WaitForAssertion(() => Assert.Equal(["refunds", "orders"], page.FindAll("tbody .clamp").Select(name => name.TextContent)));
        Assert.All(page.FindAll("tbody a.row-opener"), link => Assert.StartsWith("/webhooks/we_", link.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Equal("2", page.Find(".tab-count").TextContent);
    }

    [Fact]
    public async Task The_calls_of_the_last_day_stand_in_a_chart_with_the_providers_quota()
    {
        var made = await ConnectStripeAsync();
        await using (var db = Hub.Get<HubDbContextFactory>().Create(Hub.Owner))
        {
            db.ProviderCallHours.Add(new ProviderCallHour
            {
                OrganizationId = Hub.Owner.OrganizationId!.Value,
                ConnectionId = made.Id,
                Since = new DateTimeOffset(2026, 3, 4, 11, 0, 0, TimeSpan.Zero),
                Calls = 40,
                Errors = 2,
                Throttled = 1,
                Milliseconds = 4_000,
                Quotas = """[{"Name":"day","Remaining":4960,"Limit":5000}]""",
            });
            await db.SaveChangesAsync();
        }

        var panel = Render<CallsPanel>(p => p.Add(c => c.ConnectionId, made.Id));

        panel.WaitForAssertion(() => Assert.Equal(["40", "2", "1", "100 ms"], panel.FindAll(".figure-value").Select(figure => figure.TextContent)));
        Assert.Contains("4,960 of 5,000 left", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("25 requests a second", panel.Markup, StringComparison.Ordinal);
        Assert.Single(panel.FindAll(".chart-table tbody tr"));
    }

    private static List<string> Buttons(IRenderedComponent<ProviderPage> page) => [.. page.FindAll(".page-actions button").Select(button => button.TextContent.Trim())];

    private IRenderedComponent<ProviderPage> Open(string provider)
    {
        var page = Render<ProviderPage>(p => p.Add(x => x.Provider, provider));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".page > .state-loading")));
        return page;
    }
}
