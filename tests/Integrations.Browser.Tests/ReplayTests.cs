using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>What was kept while an endpoint was off is offered, chosen, replayed and watched.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ReplayTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    [Theory]
    [MemberData(nameof(Look.Opposites), MemberType = typeof(Look))]
    public async Task What_was_kept_is_replayed_from_the_endpoint_s_page(string look)
    {
        var tenant = hub.App.Tenant;
        var name = "kept-" + look;
        var webhook = (await tenant.Client.PostApiAsync("/api/webhooks", new { url = hub.Sandbox.ReceiveUrl(name), events = (string[])["*"] })).String("webhook.id");
        for (var i = 0; i < 3; i++)
        {
            await tenant.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { } });
            await hub.WaitForDeliveryAsync(tenant, webhook, "delivered");
        }

        Assert.True(PublicId.TryParse(PublicId.WebhookEndpoint, webhook, out var endpoint));
        await using (var db = hub.App.OpenDatabase(tenant.Owner))
        {
            await db.WebhookDeliveries.Where(row => row.EndpointId == endpoint)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, DeliveryStatus.Discarded).SetProperty(row => row.Error, DeliveryReasons.PublishedWhileOff));
        }

        await hub.RunAsync("replay", Look.Named(look), HubApp.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync($"/webhooks/{webhook}", "main tbody tr");
            await page.GetByText("3 events were kept while this endpoint was off.").WaitForAsync();
            await test.AssertAccessibleAsync();
            await test.ScreenshotAsync($"replay-kept-{look}");
            await page.Locator(".notice").GetByRole(AriaRole.Button, new() { Name = "Replay…" }).ClickAsync();

            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByText("3 deliveries match.").WaitForAsync();
            await dialog.GetByLabel("Created").SelectOptionAsync("From a time to another");
            await dialog.GetByText("3 deliveries match.").WaitForAsync();
            await test.AssertAccessibleAsync();
            await test.AssertNoSidewaysScrollAsync();
            await test.ScreenshotAsync($"replay-dialog-{look}");
            await dialog.GetByLabel("Before, in UTC").FillAsync("2020-01-01T00:00");
            await dialog.GetByLabel("Rate").FillAsync("1");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Start replay" }).ClickAsync();
            await dialog.GetByText("From must be earlier than to.").WaitForAsync();
            await dialog.GetByLabel("Created").SelectOptionAsync("All time");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Start replay" }).ClickAsync();

            await page.WaitForAddressAsync("tab=replays");
            await page.Button("Pause").ClickAsync();
            await page.Button("Resume").WaitForAsync();
            await test.AssertAccessibleAsync();
            await test.AssertNoSidewaysScrollAsync();
            await test.ScreenshotAsync($"replay-tab-{look}");
            await page.Button("Resume").ClickAsync();
            await page.GetByText("3 sent").WaitForAsync();
            await page.GetByText("Completed").First.WaitForAsync();
        });
        Assert.Equal(6, hub.Sandbox.Receiver.Count(name));
    }
}
