using System.Net;
using System.Reflection;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
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

        Assert.Equal(routes.Order(Comparer<(Type, string Template)>.Create((left, right) => string.CompareOrdinal(left.Template, right.Template))), HelpPages.All.Select(entry => (entry.Page, entry.Href)).OrderBy(page => page.Href, StringComparer.Ordinal));
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
