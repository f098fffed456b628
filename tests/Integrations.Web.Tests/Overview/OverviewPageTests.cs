using Bunit;
using Integrations.Core.Security;
using Integrations.Core.Webhooks;
using Integrations.Web.Overview;

namespace Integrations.Web.Tests.Overview;

public sealed class OverviewPageTests : HubTest
{
    [Fact]
    public void A_new_organization_sees_what_to_do_next_and_what_is_done()
    {
        var page = Render<OverviewPage>();

        page.WaitForAssertion(() => Assert.Equal("Create an API key", page.Find(".step-done strong").TextContent));
        Assert.Equal(["/webhooks", "/help"], page.FindAll("ol.rows a").Select(link => link.GetAttribute("href")));
        Assert.Equal(4, page.FindAll(".figure").Count);
    }

    [Fact]
    public async Task A_Viewer_sees_no_steps_that_they_cannot_take()
    {
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var page = Render<OverviewPage>();

        page.WaitForElement(".figure");
        Assert.Empty(page.FindAll("ol.rows"));
    }

    [Fact]
    public async Task An_endpoint_that_is_off_stands_first()
    {
        var webhooks = Hub.Get<WebhookService>();
        var made = await webhooks.CreateAsync(Hub.Owner, new WebhookInput { Url = "http://127.0.0.1:9/orders", Events = ["custom.*"] }, CancellationToken.None);
        await webhooks.UpdateAsync(Hub.Owner, made.Id, new WebhookInput { IsActive = false }, CancellationToken.None);

        var page = Render<OverviewPage>();

        page.WaitForAssertion(() => Assert.Contains("Somebody switched it off", page.Find(".panel .rows").TextContent, StringComparison.Ordinal));
        Assert.Equal("Disabled", page.Find(".badge").TextContent);
    }
}
