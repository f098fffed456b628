using System.Text.RegularExpressions;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>A Viewer is offered nothing that would be refused, and is refused what they try all the same.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class ViewerTests(FilledHub hub) : IClassFixture<FilledHub>
{
    private const string Rows = "main tbody tr";
    private const string Refused = "This needs the role Admin; yours is Viewer.";

    // Posts a form of the frame as the page itself would, with its token, and answers the status and where it ended.
    private const string PostForm = """
        async ([path, name, value]) => {
            const form = new FormData(document.querySelector('form[action="/sign-out"]'));
            form.append(name, value);
            const answer = await fetch(path, { method: 'POST', body: form });
            return `${answer.status} ${new URL(answer.url).pathname}`;
        }
        """;

    private const string CallApi = """
        async ([method, path]) => (await fetch(path, {
            method, headers: { 'Content-Type': 'application/json' }, body: method === 'GET' ? undefined : '{"event":"invoice.paid","data":{}}'
        })).status
        """;

    public static TheoryData<string, string> Pages => new()
    {
        { "/", ".figures" },
        { "/integrations", ".provider-card" },
        { "/integrations/stripe", ".columns .panel" },
        { "/integrations/xero?tab=settings", ".tab-panel .facts" },
        { "/integrations/custom", Rows },
        { "/integrations/mailchimp", ".columns .panel" },
        { "/integrations/stripe?tab=sync", ".tab-panel .facts" },
        { "/integrations/stripe?tab=mapping", Rows },
        { "/sync", Rows },
        { "/sync/{sync}", Rows },
        { "/sync/{sync}?issue={issue}", ".drawer .json" },
        { "/records/contacts", Rows },
        { "/records/invoices?record={invoice}", ".drawer tbody tr" },
        { "/records/reports", "figure.chart" },
        { "/settings/providers", "#return-urls li" },
        { "/webhooks", Rows },
        { "/webhooks/{webhook}", Rows },
        { "/webhooks/{failing}?delivery={failed}", ".drawer .attempts" },
        { "/events", Rows },
        { "/events?event={event}", ".drawer tbody tr" },
        { "/settings", ".panel .facts" },
        { "/settings/members", Rows },
        { "/settings/event-types", ".type-row" },
        { "/api-keys", Rows },
        { "/stored-keys", Rows },
        { "/audit", Rows },
        { "/audit?entry={entry}", ".drawer .facts" },
        { "/account", ".panel .facts" },
        { "/account/password", "form" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_viewer_sees_a_page_without_any_button_that_changes_something(string path, string content) => AsViewerAsync("viewer", async test =>
    {
        await test.Page.OpenAsync(hub.Path(path), content);
        var buttons = await test.Page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('main :is(button, [role=switch], input[type=checkbox]), .drawer button')]
                .filter(button => button.checkVisibility() && !button.closest('.json')).map(button => button.getAttribute('aria-label') ?? button.textContent.trim())
            """);

        // Named one by one, so that a new button has to be thought about here.
        Assert.DoesNotContain(buttons, button => !Harmless().IsMatch(button) && !(path == "/account/password" && button == "Change password"));
    });

    [Fact]
    public Task A_viewers_session_opens_neither_the_API_nor_another_organization() => AsViewerAsync("viewer-forms", async test =>
    {
        var page = test.Page;
        test.Expect("401");
        test.Expect("404");
        await page.OpenAsync("/webhooks", Rows);
        Assert.Equal(401, await page.EvaluateAsync<int>(CallApi, new[] { "POST", "/api/events" }));
        Assert.Equal(401, await page.EvaluateAsync<int>(CallApi, new[] { "DELETE", hub.Path("/api/webhooks/{webhook}") }));
        Assert.Equal(401, await page.EvaluateAsync<int>(CallApi, new[] { "GET", "/api/keys" }));

        var answer = await page.EvaluateAsync<string>(PostForm, new[] { "/account/organization", "organization", hub.Fresh.OrganizationId.ToString() });
        Assert.StartsWith("404", answer, StringComparison.Ordinal);
        await page.OpenAsync("/settings", ".panel .facts");
        Assert.DoesNotContain("Fresh", await page.Locator(".panel .facts").First.InnerTextAsync(), StringComparison.Ordinal);
    });

    [Fact]
    public Task A_form_without_its_token_is_not_done() => AsViewerAsync("viewer-token", async test =>
    {
        var page = test.Page;
        await page.OpenAsync("/webhooks", Rows);
        await page.EvaluateAsync("fetch('/sign-out', { method: 'POST', body: new FormData() })");
        await page.OpenAsync("/events", Rows);
    });

    [Fact]
    public async Task Who_became_a_viewer_is_refused_by_the_buttons_that_are_still_there()
    {
        var email = $"admin-{Guid.NewGuid():N}@example.com";
        var members = hub.App.Services.GetRequiredService<MemberService>();
        var member = await members.AddAsync(hub.Filled.Owner, email, HubApp.OwnerPassword, Role.Admin, CancellationToken.None);
        await hub.RunAsync("demoted", Look.Desktop, email, async test =>
        {
            var page = test.Page;
            await page.OpenAsync(hub.Path("/webhooks/{webhook}"), Rows);
            await members.ChangeRoleAsync(hub.Filled.Owner, member.Id, Role.Viewer, CancellationToken.None);

            await page.Button("Send test").ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByText(Refused).WaitForAsync();
            await page.Locator(".rz-dialog-titlebar-close").ClickAsync();
            await page.Button("Delete").ClickAsync();
            await page.Button("Delete endpoint").ClickAsync();
            await page.GetByText(Refused).WaitForAsync();
        });
        Assert.Equal(200, (await hub.Filled.Client.GetApiAsync(hub.Path("/api/webhooks/{webhook}"))).Status);
    }

    private Task AsViewerAsync(string name, Func<TestPage, Task> test) => hub.RunAsync(name, Look.Desktop, FilledHub.ViewerEmail, test);

    [GeneratedRegex(@"^(Close|Copy.*|Newest|Older|Try \d.*|Expand.*|Collapse.*)$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Harmless();
}
