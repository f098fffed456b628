using Integrations.Core.Connections;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Sync;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>Syncs and records as an Admin works with them, against the sandbox's Stripe.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SyncTests(BrowserHub hub) : IClassFixture<BrowserHub>
{
    private static readonly LocatorWaitForOptions _patience = new() { Timeout = 30_000 };

    public static TheoryData<string> Looks => Look.Opposites;

    [Theory]
    [MemberData(nameof(Looks))]
    public Task A_sync_is_followed_to_its_end_and_what_failed_is_tried_again(string look) => RunAsync("sync", look, async (test, page, tenant) =>
    {
        var stripe = hub.Sandbox.Provider("stripe");
        stripe.Dirt = false;
        foreach (var type in new[] { "customers", "products", "invoices", "payment_intents", "subscriptions" })
        {
            stripe.Rows(type).Reset(30);
        }

        stripe.Rows("customers").Edit(3, ("email", "no address"));
        Dictionary<string, string> key = new(StringComparer.Ordinal) { ["apiKey"] = SandboxKeys.StripeSecret };
        var connection = await hub.App.Services.GetRequiredService<ConnectService>().ConnectAsync(tenant.Owner, new ConnectInput { Provider = "stripe", Credentials = key }, CancellationToken.None);

        await page.OpenAsync("/integrations/stripe?tab=sync", ".panel.form");
        await page.Button("Sync now").ClickAsync();
        await page.GetByText("A sync of Stripe was started.").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the run" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sync of Stripe", Level = 1 }).WaitForAsync();
        await page.Locator(".facts").GetByText("Partial", new() { Exact = true }).WaitForAsync(_patience);
        await page.GetByText("1 record could not be synced.").First.WaitForAsync();
        await test.AssertAccessibleAsync();
        await test.AssertNoSidewaysScrollAsync();

        await page.Locator(".tab-panel a.row-opener").ClickAsync();
        await page.Drawer().GetByText("Email must be an e-mail address.").WaitForAsync();
        await page.Drawer().GetByText("\"no address\"").WaitForAsync();
        await test.AssertAccessibleAsync();

        // Without the address in its mapping the row can be taken in as it came.
        var mapping = (await hub.App.Services.GetRequiredService<SyncQueries>().MappingsAsync(tenant.Owner, connection, CancellationToken.None)).First(row => row.DataType.Name == "contacts");
        IReadOnlyList<FieldMapping> without = [.. mapping.Fields.Where(field => field.Target != "email")];
        await hub.App.Services.GetRequiredService<SyncService>().SetMappingAsync(tenant.Owner, connection, "contacts", without, CancellationToken.None);
        await page.Drawer().GetByRole(AriaRole.Button, new() { Name = "Retry failed records" }).ClickAsync();
        await page.GetByText("The failed records are tried again.").WaitForAsync();
        await page.Locator(".toast").GetByRole(AriaRole.Link, new() { Name = "Open the run" }).Last.ClickAsync();
        await page.GetByText("Retry of failed records").WaitForAsync();
        await page.Locator(".facts").GetByText("Success", new() { Exact = true }).WaitForAsync(_patience);
    });

    [Theory]
    [MemberData(nameof(Looks))]
    public Task A_contact_is_made_changed_and_deleted(string look) => RunAsync("contact", look, async (test, page, _) =>
    {
        await page.OpenAsync("/records/contacts", ".empty");
        await page.Button("New contact").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "New contact" });
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Ann Lee");
        await dialog.GetByLabel("E-mail", new() { Exact = true }).FillAsync("nowhere");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create contact" }).ClickAsync();
        await dialog.GetByText("Email must be an e-mail address.").WaitForAsync();
        await Assertions.Expect(dialog.GetByLabel("E-mail", new() { Exact = true })).ToBeFocusedAsync();
        await test.AssertAccessibleAsync();
        await dialog.GetByLabel("E-mail", new() { Exact = true }).FillAsync("ann@shop.example");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create contact" }).ClickAsync();

        await page.Drawer().GetByText("ann@shop.example").WaitForAsync();
        await page.Drawer().GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Edit the contact" });
        await dialog.GetByLabel("Phone", new() { Exact = true }).FillAsync("+49 30 1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Drawer().Locator(".changes").GetByText("Phone").WaitForAsync(_patience);
        await test.AssertAccessibleAsync();
        await test.AssertNoSidewaysScrollAsync();

        await page.Drawer().GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByText("This cannot be taken back.").WaitForAsync();
        await page.Button("Delete contact").ClickAsync();
        await page.GetByText("The contact was deleted.").WaitForAsync();
        await page.Locator("main .empty").WaitForAsync(_patience);
    });

    [Theory]
    [MemberData(nameof(Looks))]
    public Task A_file_is_taken_in_and_comes_out_again(string look) => RunAsync("import", look, async (test, page, _) =>
    {
        await page.OpenAsync("/records/contacts/import", "input[type=file]");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "people.csv",
            MimeType = "text/csv",
            Buffer = "Name,E-mail,Phone\nAnn Lee,ann@shop.example,=1+1\nBob Ray,no address,2\n"u8.ToArray(),
        });
        await page.GetByText("Wrong", new() { Exact = true }).WaitForAsync(_patience);
        await test.AssertAccessibleAsync();
        await test.AssertNoSidewaysScrollAsync();
        await page.Button("Import 2 rows").ClickAsync();
        await page.GetByText("The import is done").WaitForAsync(_patience);
        await page.GetByText("Email must be an e-mail address.").WaitForAsync();
        await test.AssertAccessibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Show contacts" }).ClickAsync();
        await page.Locator("main tbody tr").GetByText("Ann Lee").WaitForAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());
        Assert.Equal("contacts.csv", file.SuggestedFilename);
        var text = await File.ReadAllTextAsync(await file.PathAsync());
        Assert.Contains("Ann Lee", text, StringComparison.Ordinal);
        Assert.Contains("'=1+1", text, StringComparison.Ordinal);
    });

    private async Task RunAsync(string name, string look, Func<TestPage, IPage, HubTenant, Task> test)
    {
        var tenant = await hub.App.CreateOrganizationAsync();
        await hub.RunAsync($"{name}-{look}", Look.Named(look), tenant.OwnerEmail, page => test(page, page.Page, tenant));
    }
}
