using Bunit;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Shared;

public sealed class FilterChipTests : ShellTest
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void Choosing_an_option_sets_its_parameter_and_returns_to_the_newest_rows()
    {
        Navigation.NavigateTo("/webhooks?cursor=abc&q=orders");
        RenderChip().Find("select").Change("Failed");

        Assert.EndsWith("/webhooks?q=orders&status=Failed", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void All_takes_the_parameter_away()
    {
        Navigation.NavigateTo("/webhooks?status=Failed");
        RenderChip().Find("select").Change("");

        Assert.EndsWith("/webhooks", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chip_follows_the_address()
    {
        var chip = RenderChip();
        Navigation.NavigateTo("/webhooks?status=Failed");

        chip.WaitForAssertion(() => Assert.Contains("chip-set", chip.Find("label").ClassList));
    }

    private IRenderedComponent<FilterChip> RenderChip() => Render<FilterChip>(p => p
        .Add(c => c.Label, "Status")
        .Add(c => c.Parameter, "status")
        .Add(c => c.Options, FilterOption.Of("Delivered", "Failed")));
}
