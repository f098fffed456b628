using Bunit;
using Integrations.Web.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Shared;

public sealed class ToastsTests : ShellTest
{
    [Fact]
    public void A_success_goes_by_itself_and_a_failure_stays_until_it_is_closed()
    {
        var toasts = Services.GetRequiredService<Toasts>();
        var host = Render<ToastHost>();

        toasts.Success("Endpoint created.");
        toasts.Failure("The endpoint was not saved.");
        host.WaitForAssertion(() => Assert.Equal(2, host.FindAll(".toast").Count));
        Time.Advance(Toasts.Shown);

        host.WaitForAssertion(() => Assert.Contains("not saved", Assert.Single(host.FindAll(".toast")).TextContent, StringComparison.Ordinal));
        host.Find(".toast button").Click();
        Assert.Empty(host.FindAll(".toast"));
    }
}
