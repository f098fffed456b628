using Bunit;
using Integrations.Core.ApiKeys;
using Integrations.Core.Security;
using Integrations.Web.ApiKeys;

namespace Integrations.Web.Tests.ApiKeys;

public sealed class ApiKeysPageTests : HubTest
{
    [Fact]
    public async Task Keys_show_whether_they_work()
    {
        var keys = Hub.Get<ApiKeyService>();
        await keys.CreateAsync(Hub.Owner, "Old", [Scopes.EventsRead], Time.GetUtcNow().AddDays(1), CancellationToken.None);
        var lost = await keys.CreateAsync(Hub.Owner, "Lost", [Scopes.EventsRead], null, CancellationToken.None);
        await keys.RevokeAsync(Hub.Owner, lost.Id, CancellationToken.None);
        Time.Advance(TimeSpan.FromDays(2));

        var page = Render<ApiKeysPage>();

        page.WaitForAssertion(() => Assert.Equal(["Revoked", "Expired", "Active"], page.FindAll(".badge").Select(badge => badge.TextContent)));
        Assert.Empty(page.FindAll("button[aria-label='Revoke Lost']"));
        Assert.Single(page.FindAll("button[aria-label='Revoke First key']"));
    }

    [Fact]
    public async Task A_Viewer_reads_and_is_told_why()
    {
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var page = Render<ApiKeysPage>();

        page.WaitForElement("tbody tr");
        Assert.Empty(page.FindAll(".page button"));
        Assert.Contains("You are Viewer here", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }
}
