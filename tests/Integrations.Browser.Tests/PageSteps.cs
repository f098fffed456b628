using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>What most tests do with a page of the hub.</summary>
internal static class PageSteps
{
    /// <summary>Fills in the form of the sign-in page that is open, and sends it.</summary>
    public static async Task SignInAsync(this IPage page, string email, string password)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Waits until the page answers to clicks.</summary>
    public static Task ReadyAsync(this IPage page) => page.Locator("body[data-ready=true]").WaitForAsync();

    /// <summary>Opens a page and waits until it shows what is looked for and loads nothing any more.</summary>
    /// <param name="content">A selector of what it shows when it is whole.</param>
    public static async Task OpenAsync(this IPage page, string path, string content = "main h1")
    {
        await page.GotoAsync(path);
        await page.ReadyAsync();
        await page.Locator(content).First.WaitForAsync();
        await Assertions.Expect(page.Locator(".state-loading, .spinner, [aria-busy=true]")).ToHaveCountAsync(0);
        // A list that was dimmed while it loaded brightens a little later; until then its colours are not its own.
        await page.EvaluateAsync("Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity).map(a => a.finished))");
    }

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The detail beside a list.</summary>
    public static ILocator Drawer(this IPage page) => page.Locator("section.drawer");

    /// <summary>Waits for an address, given as a part of it. The page is asked: the event of a change within a document can come before somebody listens for it.</summary>
    public static Task WaitForAddressAsync(this IPage page, string part) => page.WaitForFunctionAsync("part => location.href.includes(part)", part);
}
