using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>Every page in four looks, full and empty: nothing complains, axe finds nothing, nothing scrolls sideways.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PageTests(FilledHub hub) : IClassFixture<FilledHub>
{
    private const string Rows = "main tbody tr";

    // What each page shows when it is whole.
    private static readonly (string Path, string Content)[] _full =
    [
        ("/", ".figures"),
        ("/integrations", ".provider-card"),
        ("/integrations?status=attention", ".provider-card"),
        ("/integrations/stripe", ".columns .panel"),
        ("/integrations/stripe?tab=calls", ".figures"),
        ("/integrations/stripe?tab=history", Rows),
        ("/integrations/xero?tab=settings", ".panel.form"),
        ("/integrations/slack?tab=actions", ".panel form"),
        ("/integrations/dropbox", ".notice"),
        ("/integrations/custom", Rows),
        ("/integrations/mailchimp", ".columns .panel"),
        ("/integrations/stripe?tab=sync", ".panel.form"),
        ("/integrations/stripe?tab=mapping", Rows),
        ("/sync", Rows),
        ("/sync/{sync}", Rows),
        ("/sync/{sync}?tab=conflicts", ".empty"),
        ("/sync/{sync}?issue={issue}", ".drawer .json"),
        ("/records", Rows),
        ("/records/products", Rows),
        ("/records/invoices", Rows),
        ("/records/payments", Rows),
        ("/records/subscriptions", Rows),
        ("/records/contacts?record={contact}", ".drawer tbody tr"),
        ("/records/contacts?record={synced}", ".drawer .rows"),
        ("/records/invoices?record={invoice}", ".drawer tbody tr"),
        ("/records/invoices?contact={contact}", ".notice"),
        ("/records/contacts/import", "input[type=file]"),
        ("/records/reports", "figure.chart"),
        ("/settings/providers", "#return-urls li"),
        ("/webhooks", Rows),
        ("/webhooks/{webhook}", Rows),
        ("/webhooks/{webhook}?tab=verify", ".code-block"),
        ("/webhooks/{webhook}?tab=replays", Rows),
        ("/webhooks/{webhook}?tab=health", "figure.chart, .empty"),
        ("/webhooks/{webhook}?tab=live", ".empty"),
        ("/webhooks/{failing}?tab=replays", ".empty"),
        ("/webhooks/{failing}?delivery={failed}", ".drawer .attempts"),
        ("/events", Rows),
        ("/events?event={event}", ".drawer tbody tr"),
        ("/settings", ".panel .facts"),
        ("/settings/members", Rows),
        ("/settings/event-types", ".type-row"),
        ("/api-keys", Rows),
        ("/stored-keys", Rows),
        ("/audit", Rows),
        ("/audit?entry={entry}", ".drawer .facts"),
        ("/account", ".panel .facts"),
        ("/account/password", "form"),
    ];

    private static readonly (string Path, string Content)[] _fresh =
    [
        ("/", ".figures"),
        ("/integrations", ".provider-card"),
        ("/integrations?q=nothing-of-this-name", ".empty"),
        ("/integrations/xero", ".columns .panel"),
        ("/integrations/nothing", ".empty"),
        ("/sync", ".empty"),
        ("/sync/sync_unknown", ".empty"),
        ("/sync?status=failed", ".empty"),
        ("/records/contacts", ".empty"),
        ("/records/nothing", ".empty"),
        ("/records/contacts?record=con_unknown", ".drawer .state-failed"),
        ("/records/reports", ".empty"),
        ("/settings/providers", "#return-urls form"),
        ("/webhooks", ".empty"),
        ("/webhooks/we_unknown", ".empty"),
        ("/events", ".empty"),
        ("/events?event=evt_unknown", ".drawer .empty"),
        ("/settings/members", Rows),
        ("/api-keys", Rows),
        ("/stored-keys", ".empty"),
        ("/audit?area=apikey", ".list, .empty"),
        ("/account", ".panel .facts"),
    ];

    private static readonly (string Path, string Content)[] _open =
    [
        ("/sign-in", "form"),
        ("/help", ".code-block"),
        ("/help/webhooks", "#headers tbody tr"),
        ("/help/verify", ".samples"),
        ("/help/retries", "#plan tbody tr"),
        ("/help/filters", ".code-block"),
        ("/help/schemas", ".code-block"),
        ("/help/providers", ".help-providers"),
        ("/help/providers/xero", "#permissions tbody tr"),
        ("/help/providers/sql-accounting", "#key tbody tr"),
        ("/help/troubleshooting", "#outcomes tbody tr"),
        ("/help/search?q=secret", ".help-matches"),
        ("/help/search?q=nothing-of-this-name", "main [role=status]"),
        ("/not-found", "h1"),
        ("/nowhere/at/all", "h1"),
    ];

    public static TheoryData<string> FullPages => Paths(_full);

    public static TheoryData<string> FreshPages => Paths(_fresh);

    public static TheoryData<string> OpenPages => Paths(_open);

    [Theory]
    [MemberData(nameof(FullPages))]
    public Task A_page_with_rows_is_sound_in_every_look(string path) => CheckAsync(_full, path, hub.Filled.OwnerEmail, "filled");

    [Theory]
    [MemberData(nameof(FreshPages))]
    public Task A_page_of_a_fresh_organization_is_sound_in_every_look(string path) => CheckAsync(_fresh, path, hub.Fresh.OwnerEmail, "fresh");

    [Theory]
    [MemberData(nameof(OpenPages))]
    public Task A_page_for_visitors_is_sound_in_every_look(string path) => CheckAsync(_open, path, email: null, "visitor");

    private static TheoryData<string> Paths((string Path, string Content)[] pages) => [.. pages.Select(page => page.Path)];

    private static string FileName(string path) => new([.. path.Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-')]);

    private Task CheckAsync((string Path, string Content)[] pages, string path, string? email, string name)
    {
        var content = pages.Single(page => page.Path == path).Content;
        return Task.WhenAll(new[] { Look.Desktop, Look.Phone }.Select(look => hub.VisitAsync($"page-{name}{FileName(path)}", look, email, async test =>
        {
            if (path is "/not-found" or "/nowhere/at/all")
            {
                // That it is not there is what this page says.
                test.Expect("404");
            }

            await test.Page.OpenAsync(hub.Path(path), content);
            await test.AssertNoSidewaysScrollAsync();
            if (look == Look.Phone)
            {
                // Its colours are those of the desktop.
                await test.AssertAccessibleAsync(AxeRules.AllButContrast);
                return;
            }

            await test.AssertAccessibleAsync();

            // The system turns dark while the page is open: the same page in other colours, so only these are looked at again.
            await test.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await test.AssertAccessibleAsync(AxeRules.Contrast, "dark");
        })));
    }
}
