using Bunit;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class JsonViewTests : ShellTest
{
    [Fact]
    public void A_branch_folds_and_opens()
    {
        var view = RenderJson("""{"data":{"total":12.50}}""");
        Assert.Contains("12.50", view.Markup, StringComparison.Ordinal);

        view.FindAll(".json-toggle")[1].Click();
        Assert.DoesNotContain("12.50", view.Markup, StringComparison.Ordinal);
        Assert.Equal("false", view.FindAll(".json-toggle")[1].GetAttribute("aria-expanded"));
    }

    [Fact]
    public void Search_opens_the_branches_that_lead_to_a_match()
    {
        var view = RenderJson("""{"a":{"b":{"c":{"sku":"needle"}}},"x":{"y":{"z":1}}}""");
        Assert.DoesNotContain("needle", view.Markup, StringComparison.Ordinal);

        view.Find("input[type=search]").Input("needle");

        Assert.Equal("\"needle\"", view.Find(".json-match").TextContent);
        Assert.Equal("1 match", view.Find(".json-count").TextContent);
    }

    [Theory]
    [InlineData("<html>502 Bad Gateway</html>")]
    [InlineData("{\"cut\": [1, 2")]
    [InlineData("{\"lone\": \"\\ud800\"}")]
    public void What_is_not_json_is_shown_as_it_came(string received)
    {
        var view = RenderJson(received);

        Assert.Equal(received, view.Find("pre").TextContent);
        Assert.Contains("not valid JSON", view.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_stands_twice_is_shown_twice() =>
        Assert.Equal(["a: 1", "a: 2"], RenderJson("""{"a":1,"a":2}""").FindAll(".json-leaf").Select(leaf => leaf.TextContent));

    [Fact]
    public void Search_finds_what_stands_far_down_a_long_array()
    {
        var view = RenderJson($"[{string.Join(',', Enumerable.Range(0, 5000))}]");

        view.Find("input[type=search]").Input("4711");

        Assert.Equal("4711", view.Find(".json-match").TextContent);
        Assert.Equal(101, view.FindAll(".json-leaf").Count);
    }

    [Fact]
    public void A_payload_over_the_limit_is_cut_with_a_word_about_it()
    {
        var view = RenderJson(new string('1', JsonView.MaxShownLength + 10));

        Assert.Equal(JsonView.MaxShownLength, view.Find("pre").TextContent.Length);
        Assert.Contains("256 KB", view.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_array_shows_its_first_items_and_offers_more()
    {
        var view = RenderJson($"[{string.Join(',', Enumerable.Range(0, 250))}]");
        Assert.Equal(100, view.FindAll(".json-leaf").Count);

        view.Find(".json-children > .button").Click();

        Assert.Equal(200, view.FindAll(".json-leaf").Count);
    }

    private IRenderedComponent<JsonView> RenderJson(string json) => Render<JsonView>(p => p.Add(v => v.Json, json));
}
