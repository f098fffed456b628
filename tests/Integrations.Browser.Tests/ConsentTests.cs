using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>Consent in the browser: allowed, refused, failed, and by a link that needs no account.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ConsentTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    public static TheoryData<string> Looks => Look.Opposites;

    [Theory]
    [MemberData(nameof(Looks))]
    public Task A_provider_is_connected_by_consent_and_the_page_says_so_once(string look) => AsOwnerAsync("consent", look, async (test, page) =>
    {
        await BeginAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        await page.GetByText("Xero is connected.").WaitForAsync();
        await page.WaitForFunctionAsync("() => location.pathname === '/integrations/xero' && location.search === ''");
        await page.Locator(".facts .badge").GetByText("Active").WaitForAsync();
        await test.AssertAccessibleAsync();
        await page.Button("Refresh now").ClickAsync();
        await page.GetByText("The access token was renewed.").WaitForAsync();
        hub.Sandbox.AssertNoViolations();
    });

    [Fact]
    public Task A_refusal_is_told_and_can_be_tried_again() => AsOwnerAsync("consent-refused", Look.Desktop.Name, async (test, page) =>
    {
        await BeginAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await page.GetByText("Access was not allowed at Xero.").WaitForAsync();
        await test.AssertAccessibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await page.GetByText("Xero is connected.").WaitForAsync();
    });

    [Fact]
    public Task An_error_of_the_provider_is_told_in_its_words() => AsOwnerAsync("consent-error", Look.Desktop.Name, async (_, page) =>
    {
        hub.Sandbox.Provider("slack").FailNextConsent("invalid_scope");
        await page.OpenAsync("/integrations/slack", ".columns");
        await page.Button("Connect").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue to Slack" }).ClickAsync();

        await page.GetByText("invalid_scope").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to Slack" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Slack", Level = 1 }).WaitForAsync();
    });

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Another_account_is_asked_about_before_it_takes_the_place_of_the_first(string look)
    {
        var sandbox = hub.Sandbox.Provider("xero");
        await AsOwnerAsync("consent-other", look, async (test, page) =>
        {
            await BeginAsync(page);
            await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
            await page.GetByText("Xero is connected.").WaitForAsync();
            sandbox.UseAccount(2);
            try
            {
                await BeginAsync(page, "Reconnect");
                await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
            }
            finally
            {
                sandbox.UseAccount(1);
            }

            await page.GetByRole(AriaRole.Heading, new() { Name = "This is another account" }).WaitForAsync();
            await test.AssertAccessibleAsync();
            await test.AssertNoSidewaysScrollAsync();
            await page.Button("Replace with Bluebird Books").ClickAsync();
            await page.GetByText("Xero is connected.").WaitForAsync();
            await page.Locator(".facts").GetByText("Bluebird Books").WaitForAsync();
        });
    }

    [Fact]
    public async Task A_connect_link_needs_no_account_and_works_once()
    {
        var url = "";
        await AsOwnerAsync("connect-link", Look.Desktop.Name, async (test, page) =>
        {
            await page.OpenAsync("/integrations/xero", ".columns");
            await page.Button("Connect link…").ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await test.AssertAccessibleAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Create link" }).ClickAsync();
            url = await dialog.Locator("input[readonly]").InputValueAsync();
            await dialog.GetByLabel("I have stored it").CheckAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

            await hub.RunAsync("connect-link-visitor", Look.Phone, email: null, async visitor =>
            {
                await visitor.Page.GotoAsync(url);
                await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Connect Xero to" }).WaitForAsync();
                await visitor.AssertAccessibleAsync();
                await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Continue to Xero" }).ClickAsync();
                await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
                await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Xero is connected" }).WaitForAsync();
                await visitor.AssertAccessibleAsync();
                await visitor.Page.GotoAsync(url);
                await visitor.Page.GetByText("This link cannot be used").WaitForAsync();
            });

            // Nothing is reloaded: the Owner's page follows by itself.
            await page.Locator(".facts .badge").GetByText("Active").WaitForAsync();
        });
    }

    private static async Task BeginAsync(IPage page, string with = "Connect")
    {
        await page.OpenAsync("/integrations/xero", ".columns");
        await page.Button(with).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue to Xero" }).ClickAsync();
    }

    private async Task AsOwnerAsync(string name, string look, Func<TestPage, IPage, Task> test)
    {
        var tenant = await hub.App.CreateOrganizationAsync();
        await hub.RunAsync($"{name}-{look}", Look.Named(look), tenant.OwnerEmail, page => test(page, page.Page));
    }
}
