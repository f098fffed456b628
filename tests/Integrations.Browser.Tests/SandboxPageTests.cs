using Integrations.Sandbox;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace Integrations.Browser.Tests;

[Collection(BrowserCollection.Name)]
public sealed class SandboxPageTests(BrowserFixture browser)
{
    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task The_names_that_received_something_are_listed(string look)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var client = new HttpClient();
        await client.PostAsync(sandbox.ReceiveUrl("orders <b>"), null);

        await browser.RunAsync("sandbox", Look.Named(look), async page =>
        {
            await page.Page.GotoAsync(sandbox.Address.AbsoluteUri);
            Assert.Equal("orders <b> (1)", await page.Page.Locator("main li").InnerTextAsync());
            await page.AssertAccessibleAsync();
            await page.AssertNoSidewaysScrollAsync();
        });
    }

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task A_consent_page_names_the_app_and_its_scopes_and_leads_back(string look)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var app = await SandboxHost.StartAsync();
        var redirect = new Uri(app.Address, "/receive/app/api/integrations/oauth/xero/callback").AbsoluteUri;
        var url = sandbox.HubSettings["Providers:xero:AuthorizationUrl"]
            + $"?response_type=code&client_id=sandbox-xero-client&state=s1&scope=offline_access%20accounting.contacts&redirect_uri={Uri.EscapeDataString(redirect)}";

        await browser.RunAsync("consent", Look.Named(look), async page =>
        {
            await page.Page.GotoAsync(url);
            await page.AssertAccessibleAsync();
            await page.AssertNoSidewaysScrollAsync();
            Assert.Equal(["offline_access", "accounting.contacts"], await page.Page.Locator("main li").AllInnerTextsAsync());

            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
            await page.Page.WaitForURLAsync(address => address.StartsWith(redirect, StringComparison.Ordinal));
        });

        Assert.Contains("state=s1", Assert.Single(app.Receiver.Received("app")).Query, StringComparison.Ordinal);
        sandbox.AssertNoViolations();
    }

    [Theory]
    [InlineData("console.error('broken')", "console: broken")]
    [InlineData("setTimeout(() => { throw new Error('thrown'); })", "script:")]
    [InlineData("fetch('/receive/orders?behave=reset').catch(() => 0)", "Content-Security-Policy")]
    [InlineData("const script = document.createElement('script'); script.textContent = '1'; document.body.append(script)", "Content-Security-Policy")]
    [InlineData("location = '/nowhere'", "response: 404")]
    public async Task What_a_page_complains_of_fails_its_test(string script, string fault)
    {
        await using var sandbox = await SandboxHost.StartAsync();

        await browser.RunAsync("complaint", Look.Desktop, async page =>
        {
            await page.Page.GotoAsync(sandbox.Address.AbsoluteUri);
            page.AssertNoFaults();
            await page.Page.EvaluateAsync($"() => {{ {script} }}");
            await page.WaitForFaultAsync(fault, TimeSpan.FromSeconds(10));

            Assert.Contains(fault, Assert.Throws<TrueException>(page.AssertNoFaults).Message, StringComparison.Ordinal);
            page.Expect("");
        });
    }
}
