using Integrations.Web.Help;

namespace Integrations.Web.Tests.Help;

public sealed class HelpTextTests
{
    private static readonly HelpEntry _page = new("/help/x", "The page", typeof(HelpPage), "");

    [Fact]
    public void A_page_falls_into_parts_at_its_sections()
    {
        var parts = HelpText.Split(
            _page,
            """
            <h1 tabindex="-1">All of <code>it</code></h1><p>Words &amp; more.</p>
            <section class="stack" id="a" aria-labelledby="a-title"><h2 id="a-title">One</h2><p>The <code>header</code>s.</p><figure class="x"><pre>a program</pre></figure></section>
            <section class="stack"><h2>Two</h2><ul><li>first</li><li>second</li></ul></section>
            """);

        Assert.Equal(
            [
                new HelpPart(_page, "All of it", "/help/x", "Words & more."),
                new HelpPart(_page, "One", "/help/x#a", "The headers."),
                new HelpPart(_page, "Two", "/help/x", "first second"),
            ],
            parts);
    }
}
