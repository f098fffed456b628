using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>Connecting as an Admin does it: by key and by URL, each with what goes wrong on the way.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ConnectTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    public static TheoryData<string> Looks => Look.Opposites;

    [Theory]
    [MemberData(nameof(Looks))]
    public Task By_key_a_wrong_one_is_refused_at_its_field_and_a_good_one_connects_tests_and_ends(string look) => RunAsync("connect-key", look, async (test, page, _) =>
    {
        await page.OpenAsync("/integrations", ".provider-card");
        await page.Button("Connect Stripe").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var key = dialog.GetByLabel("Secret or restricted key", new() { Exact = true });
        await Assertions.Expect(key).ToHaveAttributeAsync("type", "password");
        await key.PressSequentiallyAsync("sk_wrong");
        await dialog.GetByText("This does not look like").WaitForAsync();
        await test.AssertAccessibleAsync();
        await key.FillAsync("sk_test_NobodyKnowsThisKeyAtAll00000000000000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await dialog.Locator(".field-error").GetByText("Stripe did not accept it.").WaitForAsync();
        await Assertions.Expect(key).ToBeFocusedAsync();
        await test.AssertNoSidewaysScrollAsync();

        await key.FillAsync(SandboxKeys.StripeSecret);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await page.GetByText("Stripe is connected.").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open Stripe" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Stripe", Level = 1 }).WaitForAsync();
        await page.Button("Test").ClickAsync();
        await page.GetByText("Stripe answers for").WaitForAsync();

        await page.Button("Disconnect").ClickAsync();
        await dialog.GetByText("The API key is deleted here.").WaitForAsync();
        await test.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disconnect", Exact = true }).ClickAsync();
        await page.GetByText("Stripe is disconnected.").WaitForAsync();
        await page.Button("Connect").WaitForAsync();
    });

    [Theory]
    [MemberData(nameof(Looks))]
    public Task By_URL_a_test_arrives_there(string look) => RunAsync("connect-url", look, async (test, page, tenant) =>
    {
        var mailbox = "custom-" + look;
        await page.OpenAsync("/integrations/custom", ".columns");
        await page.Button("Connect").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("https://10.0.0.1/hook");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await dialog.Locator(".field-error").First.WaitForAsync();
        await test.AssertAccessibleAsync();
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync(hub.Sandbox.ReceiveUrl(mailbox));
        await dialog.GetByLabel("Name").FillAsync("Orders to the warehouse");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();

        await page.Button("Send test to Orders to the warehouse").ClickAsync();
        await dialog.GetByText("The endpoint accepted it with 200").WaitForAsync();
        // Whoever wants every event hears of the connection itself first.
        var received = await hub.Sandbox.Receiver.WaitForAsync(mailbox, 2, TimeSpan.FromSeconds(30));
        Assert.Equal(["connection.created", "webhook.endpoint.test"], received.Select(request => request.Header("X-Webhook-Event")).Order(StringComparer.Ordinal));
        Assert.Equal(200, (await tenant.Client.GetApiAsync("/api/webhooks")).Status);
    });

    private async Task RunAsync(string name, string look, Func<TestPage, IPage, HubTenant, Task> test)
    {
        var tenant = await hub.App.CreateOrganizationAsync();
        await hub.RunAsync($"{name}-{look}", Look.Named(look), tenant.OwnerEmail, page => test(page, page.Page, tenant));
    }
}
