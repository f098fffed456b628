using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>A filter is written, mended, tried and saved; a schema is given to a type, and an event that departs from it is told.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FilterTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    [Theory]
    [MemberData(nameof(Look.Opposites), MemberType = typeof(Look))]
    public async Task A_filter_is_mended_tried_on_recent_events_and_saved(string look)
    {
        var tenant = await hub.App.CreateOrganizationAsync("Filters " + look);
        await tenant.Client.PostApiAsync(
            "/api/events",
            """[{"event":"invoice.paid","data":{"amount":250}},{"event":"invoice.paid","data":{"amount":5}},{"event":"contact.created","data":{"amount":999}}]""");
        var created = await tenant.Client.PostApiAsync("/api/webhooks", new { url = hub.Sandbox.ReceiveUrl("filter"), events = (string[])["invoice.*"] });
        var id = created.String("webhook.id");

        await hub.RunAsync("filter", Look.Named(look), tenant.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync("/webhooks/" + id);
            await page.Button("Edit").ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByText("Advanced").ClickAsync();
            var filter = dialog.GetByLabel("Filter");
            await filter.FillAsync("data.amount = 100");
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(dialog.GetByText("At character 13: Compare with ==.")).ToBeVisibleAsync();
            await test.AssertAccessibleAsync();

            await filter.FillAsync("data.amount >= 100");
            await dialog.GetByText("Try it on recent events").ClickAsync();
            await Assertions.Expect(dialog.GetByText("1 of the newest 2 events match")).ToBeVisibleAsync();
            await Assertions.Expect(dialog.Locator("tbody td:first-child")).ToHaveTextAsync(["Left out", "Matches"]);
            await test.AssertAccessibleAsync();
            await test.AssertNoSidewaysScrollAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Assertions.Expect(page.Locator(".facts .filter-text")).ToHaveTextAsync("data.amount >= 100");
        });

        var published = await tenant.Client.PostApiAsync("/api/events", """[{"event":"invoice.paid","data":{"amount":100}},{"event":"invoice.paid","data":{"amount":99}}]""");
        Assert.Equal([1, 0], published["events"].EnumerateArray().Select(item => item.GetProperty("deliveries").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Look.Opposites), MemberType = typeof(Look))]
    public async Task A_type_gets_a_schema_and_an_event_that_departs_is_told(string look)
    {
        var tenant = await hub.App.CreateOrganizationAsync("Schemas " + look);
        await tenant.Client.PostApiAsync("/api/event-types", new { name = "order.shipped" });

        await hub.RunAsync("schema", Look.Named(look), tenant.OwnerEmail, async test =>
        {
            var page = test.Page;
            await page.OpenAsync("/settings/event-types", ".type-row");
            await page.Button("Edit order.shipped").ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Schema of the data").FillAsync("""{"required":["orderId"],"properties":{"orderId":{"type":"string"}}}""");
            await test.AssertAccessibleAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Schema: warned")).ToBeVisibleAsync();

            await page.OpenAsync("/events");
            await page.Button("Publish event").First.ClickAsync();
            await dialog.GetByLabel("Type").FillAsync("order.shipped");
            await dialog.GetByLabel("Data").FillAsync("""{"orderId":7}""");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish event" }).ClickAsync();
            await Assertions.Expect(page.Drawer().Locator(".notice")).ToContainTextAsync("By the schema of order.shipped, data.orderId must be of type string; it is of type number.");
            await test.AssertAccessibleAsync();
            await test.AssertNoSidewaysScrollAsync();
            await Assertions.Expect(page.Locator("main tbody").First).ToContainTextAsync("Departs from its schema");
        });
    }
}
