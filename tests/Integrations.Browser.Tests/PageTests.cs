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
        ("/webhooks", Rows),
        ("/webhooks/{webhook}", Rows),
        ("/webhooks/{webhook}?tab=verify", ".code-block"),
        ("/webhooks/{failing}?delivery={failed}", ".drawer .attempts"),
        ("/events", Rows),
        ("/events?event={event}", ".drawer tbody tr"),
        ("/settings", ".panel .facts"),
        ("/settings/members", Rows),
        ("/settings/event-types", ".type-row"),
        ("/api-keys", Rows),
        ("/audit", Rows),
        ("/audit?entry={entry}", ".drawer .facts"),
        ("/account", ".panel .facts"),
        ("/account/password", "form"),
        ("/help", "h1"),
    ];

    private static readonly (string Path, string Content)[] _fresh =
    [
        ("/", ".figures"),
        ("/webhooks", ".empty"),
        ("/webhooks/we_unknown", ".empty"),
        ("/events", ".empty"),
        ("/events?event=evt_unknown", ".drawer .empty"),
        ("/settings/members", Rows),
        ("/api-keys", Rows),
        ("/audit?area=apikey", ".list, .empty"),
        ("/account", ".panel .facts"),
    ];

    private static readonly (string Path, string Content)[] _open =
    [
        ("/sign-in", "form"),
        ("/not-found", "h1"),
        ("/nowhere/at/all", "h1"),
    ];

    public static TheoryData<string, string> FullPages => InEveryLook(_full);

    public static TheoryData<string, string> FreshPages => InEveryLook(_fresh);

    public static TheoryData<string, string> OpenPages => InEveryLook(_open);

    [Theory]
    [MemberData(nameof(FullPages))]
    public Task A_page_with_rows_is_sound(string path, string look) => CheckAsync(_full, path, look, hub.Filled.OwnerEmail);

    [Theory]
    [MemberData(nameof(FreshPages))]
    public Task A_page_of_a_fresh_organization_is_sound(string path, string look) => CheckAsync(_fresh, path, look, hub.Fresh.OwnerEmail);

    [Theory]
    [MemberData(nameof(OpenPages))]
    public Task A_page_for_visitors_is_sound(string path, string look) => CheckAsync(_open, path, look, email: null);

    private static TheoryData<string, string> InEveryLook((string Path, string Content)[] pages)
    {
        TheoryData<string, string> cases = [];
        foreach (var look in Look.All)
        {
            foreach (var (path, _) in pages)
            {
                cases.Add(path, look.Name);
            }
        }

        return cases;
    }

    private static string FileName(string path) => new([.. path.Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-')]);

    private Task CheckAsync((string Path, string Content)[] pages, string path, string look, string? email) =>
        hub.RunAsync($"page{FileName(path)}{(email == hub.Fresh.OwnerEmail ? "-fresh" : "")}", Look.Named(look), email, async test =>
        {
            if (path is "/not-found" or "/nowhere/at/all")
            {
                // That it is not there is what this page says.
                test.Expect("404");
            }

            await test.Page.OpenAsync(hub.Path(path), pages.Single(page => page.Path == path).Content);
            await test.AssertAccessibleAsync();
            await test.AssertNoSidewaysScrollAsync();
        });
}
