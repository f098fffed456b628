using System.Net;
using System.Reflection;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Integrations.Web.Connections;
using Integrations.Web.Help;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Tests.Help;

/// <summary>The help as a visitor reads it, who is not signed in.</summary>
public sealed class HelpPagesTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Fact]
    public async Task Every_page_is_whole_and_no_link_leads_nowhere()
    {
        using var visitor = await VisitorAsync();
        Dictionary<string, IHtmlDocument> pages = new(StringComparer.Ordinal);
        foreach (var entry in HelpPages.All)
        {
            var page = pages[entry.Href] = await ReadAsync(visitor, entry.Href);
            Assert.Single(page.QuerySelectorAll("h1"));
            Assert.Equal(entry.Href, page.QuerySelector(".help-nav [aria-current=page]")?.GetAttribute("href"));
            Assert.Equal(page.QuerySelectorAll("[id]").Length, page.QuerySelectorAll("[id]").Select(element => element.Id).Distinct(StringComparer.Ordinal).Count());
        }

        foreach (var (path, page) in pages)
        {
            foreach (var link in page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!).Where(link => link.StartsWith('/')))
            {
                var target = link.Split('#');
                if (pages.TryGetValue(target[0], out var led))
                {
                    Assert.True(target.Length == 1 || led.GetElementById(target[1]) is not null, $"{path}: no part of the page is {link}.");
                }
                else
                {
                    using var answer = await visitor.GetAsync(link);
                    Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect or HttpStatusCode.MovedPermanently, $"{path}: {link} answers {answer.StatusCode}.");
                }
            }
        }
    }

    [Fact]
    public void Every_page_of_the_help_is_in_its_navigation()
    {
        var routes = typeof(HelpPage).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>(), (type, route) => (type, route.Template))
            .Where(page => page.Template.StartsWith("/help", StringComparison.Ordinal) && page.type != typeof(SearchPage));

        // One page serves all providers; it is reached from theirs.
        Assert.Equal(
            routes.Where(page => page.type != typeof(ProviderHelpPage)).Order(Comparer<(Type, string Template)>.Create((left, right) => string.CompareOrdinal(left.Template, right.Template))), HelpPages.All.Select(entry => (entry.Page, entry.Href)).OrderBy(page => page.Href, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_provider_has_a_page_with_its_steps_and_the_redirect_URI_to_register()
    {
        using var visitor = await VisitorAsync();
        var list = await ReadAsync(visitor, "/help/providers");

        Assert.Equal(HelpPages.Providers.Select(entry => entry.Href).Order(), list.QuerySelectorAll(".help-providers a").Select(link => link.GetAttribute("href")).Order());
        foreach (var connector in KnownProviders.Catalog.All)
        {
            var page = await ReadAsync(visitor, $"/help/providers/{connector.Info.Key}");
            Assert.Contains(connector.Info.Name, page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
            Assert.Equal(connector.Help.Steps.Count, page.QuerySelectorAll("#steps li").Length);
            Assert.Equal(connector.Permissions.Select(permission => permission.Name), page.QuerySelectorAll("#permissions tbody td:first-child").Select(cell => cell.TextContent));
            Assert.Equal(connector.OAuth is not null, page.QuerySelector("#client pre")?.TextContent.EndsWith($"/api/integrations/oauth/{connector.Info.Key}/callback", StringComparison.Ordinal) == true);
            Assert.Equal("/help/providers", page.QuerySelector(".help-nav [aria-current]")?.GetAttribute("href"));
            Assert.Equal(page.QuerySelectorAll("[id]").Length, page.QuerySelectorAll("[id]").Select(element => element.Id).Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public async Task A_provider_that_is_none_has_no_page()
    {
        using var visitor = await VisitorAsync();
        using var answer = await visitor.GetAsync("/help/providers/nothing");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Every_outcome_of_a_try_is_explained()
    {
        using var visitor = await VisitorAsync();

        var page = await ReadAsync(visitor, "/help/troubleshooting");

        var names = page.QuerySelectorAll("#outcomes tbody td:first-child").Select(cell => cell.TextContent);
        Assert.Equal(Enum.GetNames<AttemptOutcome>().Length, names.Count());
        Assert.Contains("refused_by_status", names);
    }

    [Fact]
    public async Task The_plans_are_told_as_the_hub_keeps_them()
    {
        using var visitor = await VisitorAsync();

        var page = await ReadAsync(visitor, "/help/retries");

        Assert.Contains("5 tries: at once, then after 2 s, 4 s, 8 s and 16 s.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("14 h, 20 h and 24 h.", page.Body.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rotate secret", "/help/verify#rotation")]
    [InlineData("X-Webhook-Signature-Next", "/help/webhooks#headers")]
    [InlineData("duplicates", "/help/webhooks#duplicates")]
    [InlineData("RETRY-AFTER", "/help/retries#plan")]
    [InlineData("allowed networks", "/help/troubleshooting#local")]
    [InlineData("rk_live_", "/help/providers/stripe#key")]
    [InlineData("xero redirect", "/help/providers/xero#client")]
    [InlineData("connect link", "/help/providers#links")]
    public async Task A_search_finds_the_part_of_the_help_that_has_the_words(string query, string href)
    {
        using var visitor = await VisitorAsync();

        var page = await ReadAsync(visitor, $"/help/search?q={Uri.EscapeDataString(query)}");

        Assert.Contains(href, page.QuerySelectorAll(".help-matches h2 a").Select(link => link.GetAttribute("href")));
        Assert.Equal(query, (page.QuerySelector("#help-query") as IHtmlInputElement)?.Value);
    }

    [Fact]
    public async Task A_search_says_when_it_finds_nothing_and_shows_what_was_typed_as_text()
    {
        using var visitor = await VisitorAsync();

        var page = await ReadAsync(visitor, "/help/search?q=" + Uri.EscapeDataString("<b>zebra</b>"));

        Assert.Contains("<b>zebra</b>", page.QuerySelector("main [role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Type one or more words", (await ReadAsync(visitor, "/help/search")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<IHtmlDocument> ReadAsync(HttpClient visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} answers {answer.StatusCode}.");
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpClient> VisitorAsync() => (await hubs.GetAsync(DatabaseProvider.Sqlite)).CreateClient();
}
