using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>Open pages follow what happens, without being loaded again.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LiveTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    // Set in the page, and gone when it is loaded anew.
    private const string Mark = "window.mark = true";

    private static readonly LocatorWaitForOptions _patience = new() { Timeout = 20_000 };

    [Fact]
    public async Task An_open_list_of_deliveries_shows_an_event_that_is_published_over_REST()
    {
        var (tenant, webhook) = await AddEndpointAsync("ok");
        await hub.RunAsync("live-list", Look.Desktop, tenant.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync($"/webhooks/{webhook}", "main .empty");
            await page.EvaluateAsync(Mark);
            await PublishAsync(tenant);

            var row = page.Locator("main tbody tr");
            await row.GetByText("Delivered", new() { Exact = true }).WaitForAsync(_patience);
            await row.GetByText("invoice.paid", new() { Exact = true }).WaitForAsync();
            Assert.True(await page.EvaluateAsync<bool>("window.mark === true"), "The page was loaded again.");
        });
    }

    [Fact]
    public async Task An_open_list_of_events_shows_one_that_is_published_over_REST()
    {
        var tenant = await hub.App.CreateOrganizationAsync();
        await hub.RunAsync("live-events", Look.Phone, tenant.OwnerEmail, async test =>
        {
            await test.Page.OpenAsync("/events", "main .empty");
            await PublishAsync(tenant);

            await test.Page.Locator("main tbody tr").GetByText("invoice.paid").WaitForAsync(_patience);
        });
    }

    [Fact]
    public async Task The_live_view_shows_each_try_as_it_is_made()
    {
        var (tenant, webhook) = await AddEndpointAsync("sequence:503,200");
        await hub.RunAsync("live-tail", Look.Desktop, tenant.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync($"/webhooks/{webhook}?tab=live", "main .empty");
            await page.EvaluateAsync(Mark);
            await PublishAsync(tenant);
            var rows = page.Locator("main tbody tr");
            await rows.GetByText("503").WaitForAsync(_patience);
            await PublishAsync(tenant);

            // The newest stands at the top.
            await rows.First.GetByText("200").WaitForAsync(_patience);
            await Assertions.Expect(rows).ToHaveCountAsync(2);
            Assert.True(await page.EvaluateAsync<bool>("window.mark === true"), "The page was loaded again.");
            await test.AssertAccessibleAsync();
        });
    }

    [Fact]
    public async Task A_failed_delivery_is_delivered_by_a_retry_from_its_drawer()
    {
        var (tenant, webhook) = await AddEndpointAsync("sequence:503,200");
        await PublishAsync(tenant);
        var delivery = await hub.WaitForDeliveryAsync(tenant, webhook, "failed");
        await hub.RunAsync("live-retry", Look.Desktop, tenant.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync($"/webhooks/{webhook}?delivery={delivery}", ".drawer .attempts");
            await page.Drawer().GetByText("answered 503").First.WaitForAsync();
            await page.Drawer().GetByRole(AriaRole.Button, new() { Name = "Retry now" }).ClickAsync();

            await page.Drawer().GetByRole(AriaRole.Status).GetByText("Delivered", new() { Exact = true }).WaitForAsync(_patience);
            await Assertions.Expect(page.Drawer().GetByRole(AriaRole.Group, new() { Name = "Tries" }).GetByRole(AriaRole.Button)).ToHaveCountAsync(2);
            // The list behind the drawer follows as well.
            await page.Locator("main tbody tr").GetByText("Delivered", new() { Exact = true }).WaitForAsync(_patience);
            await test.AssertAccessibleAsync();
        });
    }

    [Theory]
    [InlineData("status:418", "Failed", "418")]
    [InlineData("ok", "Delivered", "200")]
    public async Task A_test_shows_what_the_receiver_answered(string behaviour, string status, string answer)
    {
        var (tenant, webhook) = await AddEndpointAsync(behaviour);
        await hub.RunAsync($"live-test-{answer}", Look.Desktop, tenant.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync($"/webhooks/{webhook}", "main .empty");
            await page.Button("Send test").First.ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Test delivery" });
            await dialog.GetByText(status, new() { Exact = true }).WaitForAsync(_patience);
            await dialog.GetByText(answer).First.WaitForAsync();
            await test.AssertAccessibleAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Show the delivery" }).ClickAsync();

            await page.Drawer().GetByText("A test", new() { Exact = true }).WaitForAsync();
        });
    }

    [Fact]
    public async Task A_page_that_is_open_while_the_hub_restarts_comes_back_to_the_same_address()
    {
        var (tenant, webhook) = await AddEndpointAsync("ok");
        await PublishAsync(tenant);
        var delivery = await hub.WaitForDeliveryAsync(tenant, webhook, "delivered");
        await hub.RunAsync("live-restart", Look.Desktop, tenant.OwnerEmail, async test =>
        {
            // What is asked for while the hub is away is not answered, and the lost socket is told.
            test.Expect("");
            var page = test.Page;
            var path = $"/webhooks/{webhook}?status=Delivered&delivery={delivery}";
            await page.OpenAsync(path, ".drawer .attempts");

            var reloaded = page.WaitForResponseAsync(answer => answer.Request.IsNavigationRequest && answer.Ok, new() { Timeout = 60_000 });
            await hub.App.RestartAsync();
            await reloaded;
            await page.ReadyAsync();

            await page.Drawer().GetByText("Delivered", new() { Exact = true }).First.WaitForAsync(_patience);
            Assert.Equal(new Uri(hub.App.Address, path), new Uri(page.Url));
        });
    }

    private async Task<(HubTenant Tenant, string Webhook)> AddEndpointAsync(string behaviour)
    {
        var tenant = await hub.App.CreateOrganizationAsync();
        var name = Guid.NewGuid().ToString("N");
        hub.Sandbox.Receiver.Behave(name, behaviour);
        var added = await tenant.Client.PostApiAsync(
            "/api/webhooks", new { url = hub.Sandbox.ReceiveUrl(name), events = (string[])["*"], retry = new { delays = Array.Empty<int>() } });
        return (tenant, added.String("webhook.id"));
    }

    private static async Task PublishAsync(HubTenant tenant) =>
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { invoiceId = "invoice-123" } })).Status);
}
