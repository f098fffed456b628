using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
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
        Assert.Equal(["/integrations", "/webhooks", "/help"], page.FindAll("ol.rows a").Select(link => link.GetAttribute("href")));
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
    public async Task A_connection_that_fails_stands_before_the_endpoints_and_a_good_one_does_not_stand_there()
    {
        var actor = Hub.Owner;
        await using (var db = Hub.Get<HubDbContextFactory>().Create(actor))
        {
            foreach (var (provider, status) in new[] { ("slack", ConnectionStatus.Degraded), ("xero", ConnectionStatus.NeedsAuthorization), ("stripe", ConnectionStatus.Connected), ("zoho", ConnectionStatus.Disconnected) })
            {
                var now = Time.GetUtcNow();
                db.Connections.Add(new Connection
                {
                    Id = TimeOrderedId.New(now),
                    OrganizationId = actor.OrganizationId!.Value,
                    Provider = provider,
                    Name = provider,
                    Status = status,
                    StatusReason = "It said no.",
                    StatusSince = now,
                    AuthMode = AuthMode.OAuth2,
                    CreatedAt = now,
                    UpdatedAt = now,
                });
            }

            await db.SaveChangesAsync();
        }

        var page = Render<OverviewPage>();

        page.WaitForAssertion(() => Assert.Equal(["/integrations/xero", "/integrations/slack"], page.FindAll(".panel ul.rows a").Select(link => link.GetAttribute("href"))));
        Assert.Equal(["Needs authorization", "Degraded"], page.FindAll(".panel ul.rows .badge").Select(badge => badge.TextContent));
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
