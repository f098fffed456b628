using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>What goes without a mouse.</summary>
[Collection(BrowserCollection.Name)]
public sealed class KeyboardTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    [Fact]
    public Task The_palette_opens_with_Ctrl_K_and_leads_to_a_page_by_its_name() => RunAsync("palette", Look.Desktop, async (test, page) =>
    {
        await page.OpenAsync("/");
        await page.Keyboard.PressAsync("Control+k");
        var input = page.GetByRole(AriaRole.Combobox, new() { Name = "Page name or id" });
        await Assertions.Expect(input).ToBeFocusedAsync();
        await test.AssertAccessibleAsync();
        await page.Keyboard.TypeAsync("audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["Audit"]);
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Name = "Audit", Level = 1 }).WaitForAsync();
        Assert.EndsWith("/audit", page.Url, StringComparison.Ordinal);
    });

    [Fact]
    public Task What_is_typed_fast_into_the_palette_is_what_Enter_goes_to() => RunAsync("palette-fast", Look.Desktop, async (_, page) =>
    {
        await page.OpenAsync("/");
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("audit");
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Name = "Audit", Level = 1 }).WaitForAsync();
    });

    [Fact]
    public Task The_palette_leads_to_an_event_by_its_id() => RunAsync("palette-id", Look.Desktop, async (_, page) =>
    {
        var id = await PublishAsync();
        await page.OpenAsync("/settings");
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.InsertTextAsync(id);
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync([$"Go to {id}"]);
        await page.Keyboard.PressAsync("Enter");

        await page.Drawer().GetByRole(AriaRole.Heading, new() { Name = "invoice.paid" }).WaitForAsync();
        Assert.EndsWith($"/events?event={id}", page.Url, StringComparison.Ordinal);
    });

    [Fact]
    public Task Escape_closes_the_palette_and_gives_the_focus_back() => RunAsync("palette-escape", Look.Desktop, async (_, page) =>
    {
        await page.OpenAsync("/webhooks");
        await page.Button("Add endpoint").First.FocusAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToHaveCountAsync(0);
        await Assertions.Expect(page.Button("Add endpoint").First).ToBeFocusedAsync();
    });

    [Theory]
    [InlineData("desktop-light")]
    [InlineData("phone-light")]
    public Task A_drawer_opens_with_Enter_and_Escape_gives_the_focus_back_to_its_row(string look) => RunAsync("drawer", Look.Named(look), async (_, page) =>
    {
        var id = await PublishAsync();
        await page.OpenAsync("/events", "main tbody tr");
        var row = page.GetByRole(AriaRole.Link, new() { Name = $"Open event {id}" });
        await row.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Drawer().WaitForAsync();
        await Assertions.Expect(page.Drawer().GetByRole(AriaRole.Button, new() { Name = "Close" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page.Drawer()).ToHaveCountAsync(0);
        await Assertions.Expect(row).ToBeFocusedAsync();
        Assert.EndsWith("/events", page.Url, StringComparison.Ordinal);
    });

    [Fact]
    public Task The_first_tab_stop_skips_the_navigation() => RunAsync("skip", Look.Desktop, async (_, page) =>
    {
        await page.OpenAsync("/events");
        await page.GetByText("Skip to content").FocusAsync();
        await Assertions.Expect(page.GetByText("Skip to content")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("main")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Event types" })).ToBeFocusedAsync();
        Assert.EndsWith("/events", page.Url, StringComparison.Ordinal);
    });

    [Fact]
    public Task The_menu_of_a_phone_keeps_the_focus_until_Escape_closes_it() => RunAsync("phone-menu", Look.Phone, async (test, page) =>
    {
        await page.OpenAsync("/");
        var opener = page.Button("Open navigation");
        await opener.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Button("Close navigation")).ToBeFocusedAsync();
        await Assertions.Expect(opener).ToHaveAttributeAsync("aria-expanded", "true");
        await test.AssertAccessibleAsync();

        // More steps than the menu has stops, both ways.
        foreach (var key in Enumerable.Repeat("Tab", 12).Concat(Enumerable.Repeat("Shift+Tab", 14)))
        {
            await page.Keyboard.PressAsync(key);
            Assert.True(await page.EvaluateAsync<bool>("document.getElementById('sidebar').contains(document.activeElement)"), $"{key} led out of the menu.");
        }

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Button("Close navigation")).ToBeHiddenAsync();
        await Assertions.Expect(opener).ToBeFocusedAsync();
    });

    private Task RunAsync(string name, Look look, Func<TestPage, IPage, Task> test) => hub.RunAsync(name, look, HubApp.OwnerEmail, page => test(page, page.Page));

    private async Task<string> PublishAsync() =>
        (await hub.App.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { invoiceId = "invoice-123" } })).String("id");
}
