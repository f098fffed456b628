using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>The help by keyboard alone, and the ways into it from the hub.</summary>
[Collection(BrowserCollection.Name)]
public sealed class HelpTests(FilledHub hub) : IClassFixture<FilledHub>
{
    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public Task A_visitor_searches_and_reads_without_a_mouse(string look) => hub.RunAsync("help-search", Look.Named(look), email: null, async test =>
    {
        var page = test.Page;
        await page.OpenAsync("/help");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search the help" }).FocusAsync();
        await page.Keyboard.TypeAsync("change secret");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForAddressAsync("/help/search?q=change");
        await test.ScreenshotAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Change the secret" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForAddressAsync("/help/verify#rotation");
        await Assertions.Expect(page.Locator("#rotation h2")).ToBeInViewportAsync();
    });

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public Task Arrow_keys_change_the_language_of_the_program(string look) => hub.RunAsync("help-languages", Look.Named(look), email: null, async test =>
    {
        var page = test.Page;
        await page.OpenAsync("/help/verify");
        // Those for key pairs stand further down.
        var programs = page.GetByRole(AriaRole.Region, new() { Name = "Programs to paste" });
        await programs.GetByRole(AriaRole.Radio, new() { Name = "C#" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(programs.GetByText("Verify in Node")).ToBeVisibleAsync();
        await Assertions.Expect(programs.GetByText("Verify in C#")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(programs.GetByText("Verify in Go")).ToBeVisibleAsync();
        await Assertions.Expect(programs.Locator(".sample:visible")).ToHaveCountAsync(1);
        await test.AssertAccessibleAsync();
        await test.AssertNoSidewaysScrollAsync();
        await test.ScreenshotAsync();
    });

    [Fact]
    public Task The_command_palette_leads_into_the_help() => hub.RunAsync("help-palette", Look.Desktop, hub.Filled.OwnerEmail, async test =>
    {
        var page = test.Page;
        await page.OpenAsync("/webhooks");
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Combobox).FillAsync("troubleshooting");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync("Help: Troubleshooting");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForAddressAsync("/help/troubleshooting");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Troubleshooting");
    });

    [Fact]
    public Task The_page_of_an_endpoint_shows_the_programs_by_keyboard() => hub.RunAsync("help-panel", Look.Phone, hub.Filled.OwnerEmail, async test =>
    {
        var page = test.Page;
        await page.OpenAsync(hub.Path("/webhooks/{webhook}?tab=verify"), ".samples");
        await page.GetByRole(AriaRole.Radio, new() { Name = "C#" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(page.GetByText("Verify in Python")).ToBeVisibleAsync();
        await test.AssertNoSidewaysScrollAsync();
        await test.AssertAccessibleAsync();
        await test.ScreenshotAsync();
    });
}
