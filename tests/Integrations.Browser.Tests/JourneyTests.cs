using System.Text.RegularExpressions;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>From nothing to a delivered event, as a new user goes: set up, get a key, add an endpoint, publish over REST, watch the delivery fail and be repeated.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class JourneyTests(BrowserFixture browser)
{
    private const string Password = "a long enough password";

    public static TheoryData<DatabaseProvider> Databases { get; } = PostgresServer.Missing is null
        ? new TheoryData<DatabaseProvider>(DatabaseProvider.Sqlite, DatabaseProvider.Postgres)
        : new TheoryData<DatabaseProvider>(DatabaseProvider.Sqlite);

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_new_user_comes_from_a_clean_data_folder_to_a_signed_delivery(DatabaseProvider database)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Database = database, IsSetUp = false, IsMigrated = false, ListensOnPort = true });
        sandbox.Receiver.Behave("orders", "sequence:500,503,200");

        await browser.RunAsync($"journey-{database}", Look.Desktop, async test =>
        {
            var page = test.Page;
            var key = await SetUpAsync(test, hub);
            await AddEndpointAsync(page, sandbox);

            using var client = hub.CreateClient(key);
            var published = await client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { invoiceId = "invoice-123", amount = 10.00 } });
            Assert.Equal(202, published.Status);

            await WatchDeliveryAsync(test, published.String("id"));
            var requests = await sandbox.Receiver.WaitForAsync("orders", 3, TimeSpan.FromSeconds(30));
            Assert.All(requests, request =>
            {
                Assert.True(request.HexValid);
                Assert.True(request.StandardValid);
                Assert.Equal(published.String("id"), request.Header("webhook-id"));
            });

            async Task AddEndpointAsync(IPage at, SandboxHost receiver)
            {
                await at.GetByRole(AriaRole.Link, new() { Name = "Webhooks", Exact = true }).First.ClickAsync();
                await at.GetByRole(AriaRole.Button, new() { Name = "Add endpoint" }).First.ClickAsync();
                var dialog = at.GetByRole(AriaRole.Dialog);
                await dialog.GetByLabel("URL").FillAsync(receiver.ReceiveUrl("orders"));
                await dialog.GetByText("All events").ClickAsync();
                await dialog.GetByRole(AriaRole.Button, new() { Name = "Add endpoint" }).ClickAsync();
                var secret = at.Locator("input[readonly]");
                await secret.WaitForAsync();
                receiver.Receiver.ExpectSecret("orders", await secret.InputValueAsync());
                await test.AssertAccessibleAsync();
                await at.GetByLabel("I have stored it").CheckAsync();
                await at.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
            }
        });
    }

    private static async Task<string> SetUpAsync(TestPage test, HubApp hub)
    {
        var page = test.Page;
        await page.GotoAsync(hub.Address.AbsoluteUri);
        await page.WaitForURLAsync("**/setup");
        await test.AssertAccessibleAsync();
        await page.GetByLabel("Setup token").FillAsync(SetupToken().Match(hub.Log.Text).Groups["token"].Value);
        await page.GetByLabel("Organization").FillAsync("Acme Ltd");
        await page.GetByLabel("Your e-mail").FillAsync("ann@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();

        var key = await page.GetByLabel("API key", new() { Exact = true }).InputValueAsync();
        Assert.StartsWith("sk_", key, StringComparison.Ordinal);
        await test.AssertAccessibleAsync();
        await page.GetByLabel("I have stored it").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.Locator("body[data-ready=true]").WaitForAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();
        await test.AssertAccessibleAsync();
        return key;
    }

    // Nothing is reloaded: the page follows the delivery by itself.
    private static async Task WatchDeliveryAsync(TestPage test, string eventId)
    {
        var page = test.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).First.ClickAsync();
        await page.GetByText("invoice.paid").First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Webhooks", Exact = true }).First.ClickAsync();
        await page.Locator("tbody tr").First.ClickAsync();
        await page.Locator("tbody tr").First.ClickAsync();
        var drawer = page.GetByRole(AriaRole.Dialog);
        await drawer.GetByText("The endpoint answered").WaitForAsync();
        await drawer.GetByText("Delivered", new() { Exact = true }).WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
        Assert.Equal(3, await drawer.GetByRole(AriaRole.Group, new() { Name = "Tries" }).GetByRole(AriaRole.Button).CountAsync());
        Assert.Contains("delivery=dlv_", page.Url, StringComparison.Ordinal);
        Assert.Contains(eventId[^6..], await drawer.InnerTextAsync(), StringComparison.Ordinal);
        await test.AssertAccessibleAsync();
    }

    [GeneratedRegex("setup token: (?<token>[A-Za-z0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex SetupToken();
}
