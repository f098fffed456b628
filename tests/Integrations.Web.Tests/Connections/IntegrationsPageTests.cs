using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Web.Connections;

namespace Integrations.Web.Tests.Connections;

public sealed class IntegrationsPageTests : ConnectionTest
{
    [Fact]
    public void Every_provider_has_a_card_that_leads_to_its_page()
    {
        var page = Render<IntegrationsPage>();

        page.WaitForAssertion(() => Assert.Equal(
            Hub.Get<ConnectorCatalog>().All.Select(connector => $"/integrations/{connector.Info.Key}"), page.FindAll(".card-opener").Select(link => link.GetAttribute("href"))));
        Assert.NotNull(page.Find("button[aria-label='Connect Stripe']"));
    }

    [Fact]
    public async Task What_needs_attention_stands_first_with_its_reason_then_what_is_connected()
    {
        await ConnectStripeAsync();
        var xero = await ConsentAsync("xero");
        Sandbox.Provider("xero").RevokeGrants();
        await Hub.Get<ConnectionService>().TestAsync(Hub.Owner, xero.Id, CancellationToken.None);

        var page = Render<IntegrationsPage>();

        page.WaitForAssertion(() => Assert.Equal(["Needs attention", "Connected", "Not connected"], page.FindAll("section").Select(section => section.GetAttribute("aria-label"))));
        var first = page.Find(".provider-card");
        Assert.Equal("Needs authorization", first.QuerySelector(".badge")!.TextContent);
        Assert.Equal(["Reconnect", "Open", "Disconnect"], first.QuerySelectorAll(".provider-actions > *").Select(button => button.TextContent));
        Assert.Contains("Stripe account", page.FindAll(".provider-card")[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?category=Accounting", "autocount quickbooks sql-accounting xero")]
    [InlineData("?q=whatsnothere", "")]
    [InlineData("?status=connected", "stripe")]
    [InlineData("?status=attention", "")]
    [InlineData("?status=not-connected&q=payment", "")]
    public async Task The_address_filters(string query, string keys)
    {
        await ConnectStripeAsync();
        Navigation.NavigateTo("/integrations" + query);

        var page = Render<IntegrationsPage>();

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".state-loading")));
        Assert.Equal(keys, string.Join(' ', page.FindAll(".card-opener").Select(link => link.GetAttribute("href")!.Split('/')[^1])));
        Assert.NotNull(page.Find(".filters a[href='/integrations']"));
    }

    [Fact]
    public async Task A_viewer_sees_no_button_that_would_be_refused()
    {
        await ConnectStripeAsync();
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var page = Render<IntegrationsPage>();

        page.WaitForElement(".provider-card");
        Assert.Empty(page.FindAll(".provider-card button"));
    }

    [Fact]
    public async Task A_new_connection_shows_without_a_reload()
    {
        var page = Render<IntegrationsPage>();
        page.WaitForElement("button[aria-label='Connect Stripe']");

        await ConnectStripeAsync();

        page.WaitForElement("button[aria-label='Disconnect Stripe']", TimeSpan.FromSeconds(5));
    }
}
