using Integrations.Sandbox;
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
