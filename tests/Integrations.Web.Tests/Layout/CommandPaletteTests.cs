using Bunit;
using Bunit.TestDoubles;
using Integrations.Web.Layout;
using Integrations.Web.Tests.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Layout;

public sealed class CommandPaletteTests : ShellTest
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void A_page_is_reached_by_the_start_of_its_name()
    {
        var palette = Open();

        palette.Find("input").Input("eve");
        palette.Find("input").KeyDown(Key.Enter);

        Assert.EndsWith("/events", Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strip", "/integrations/stripe")]
    [InlineData("google dr", "/integrations/google-drive")]
    public void A_provider_is_reached_by_the_start_of_its_name(string typed, string href)
    {
        var palette = Open();

        palette.Find("input").Input(typed);
        palette.Find("input").KeyDown(Key.Enter);

        Assert.EndsWith(href, Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_the_help_is_found_by_what_it_is_about()
    {
        var palette = Open();

        palette.Find("input").Input("rotation secret");
        Assert.Equal("Help: Verify signatures", palette.Find("[role=option]").TextContent.Trim());
        palette.Find("input").KeyDown(Key.Enter);

        Assert.EndsWith("/help/verify", Navigation.Uri, StringComparison.Ordinal);
        // The page has no circuit: Blazor would look for it in vain.
        Assert.True(((BunitNavigationManager)Navigation).History.First().Options.ForceLoad);
    }

    [Theory]
    [InlineData("we_1")]
    [InlineData("evt_1")]
    [InlineData("dlv_1")]
    [InlineData("key_1")]
    [InlineData("conn_1")]
    [InlineData(" sync_1 ")]
    public void An_id_leads_to_the_thing_it_belongs_to(string id)
    {
        var palette = Open();

        palette.Find("input").Input(id);
        palette.Find("input").KeyDown(Key.Enter);

        Assert.EndsWith($"/go/{id.Trim()}", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrows_move_the_choice_around_the_ends()
    {
        var palette = Open();

        palette.Find("input").KeyDown(Key.Up);

        Assert.Equal("true", palette.FindAll("[role=option]")[^1].GetAttribute("aria-selected"));
        Assert.Equal(palette.FindAll("[role=option]")[^1].Id, palette.Find("input").GetAttribute("aria-activedescendant"));
        palette.Find("input").KeyDown(Key.Down);
        Assert.Equal("true", palette.FindAll("[role=option]")[0].GetAttribute("aria-selected"));
    }

    [Fact]
    public void No_match_says_what_an_id_looks_like()
    {
        var palette = Open();

        palette.Find("input").Input("zzz");

        Assert.Contains("evt_", palette.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<CommandPalette> Open()
    {
        var palette = Render<CommandPalette>();
        _ = palette.InvokeAsync(palette.Instance.Open);
        return palette;
    }
}
