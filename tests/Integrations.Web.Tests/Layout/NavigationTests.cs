using Bunit;
using Integrations.Web.Layout;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Layout;

public sealed class NavigationTests : HubTest
{
    [Fact]
    public void Every_entry_has_its_own_address_and_a_drawn_icon()
    {
        Assert.Equal(Web.Layout.Navigation.Items.Count, Web.Layout.Navigation.Items.Select(item => item.Href).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Web.Layout.Navigation.Items, item => Assert.Contains(item.Icon, IconPaths.Names));
    }

    [Fact]
    public void The_page_that_is_shown_is_marked()
    {
        var sidebar = Render<SideNavigation>();

        Assert.Equal("/", sidebar.Find("[aria-current=page]").GetAttribute("href"));
        Assert.Equal(Web.Layout.Navigation.Items.Select(item => item.Title), sidebar.FindAll("nav .nav-title").Select(title => title.TextContent));
    }

    [Fact]
    public void A_collapsed_sidebar_keeps_the_words_as_tooltips()
    {
        var sidebar = Render<SideNavigation>(p => p.Add(s => s.Collapsed, true));

        Assert.Equal("Webhooks", sidebar.Find("a[href='/webhooks']").GetAttribute("title"));
        Assert.Equal("false", sidebar.Find(".sidebar-toggle").GetAttribute("aria-expanded"));
    }
}
