using Bunit;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class StateViewTests : ShellTest
{
    [Fact]
    public void Loading_shows_as_many_bands_as_rows_will_come()
    {
        var view = Render<StateView>(p => p.Add(v => v.State, ViewState.Loading).Add(v => v.SkeletonRows, 3).AddChildContent("the rows"));

        Assert.Equal(3, view.FindAll(".skeleton-row").Count);
        Assert.DoesNotContain("the rows", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_says_what_failed_with_its_request_id_and_retries()
    {
        var retried = false;
        var view = Render<StateView>(p => p
            .Add(v => v.State, ViewState.Failed)
            .Add(v => v.ErrorText, "The deliveries could not be loaded.")
            .Add(v => v.RequestId, "4bf92f35")
            .Add(v => v.OnRetry, () => retried = true));

        Assert.Contains("The deliveries could not be loaded.", view.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("4bf92f35", view.Find("code").TextContent);
        view.Find("button.button").Click();
        Assert.True(retried);
    }

    [Fact]
    public void Empty_shows_its_own_words()
    {
        var view = Render<StateView>(p => p.Add(v => v.State, ViewState.Empty).Add(v => v.Empty, "<p>No endpoints yet</p>"));

        view.MarkupMatches("<p>No endpoints yet</p>");
    }
}
