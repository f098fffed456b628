using Bunit;
using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Audit;

namespace Integrations.Web.Tests.Audit;

public sealed class AuditPageTests : HubTest
{
    [Fact]
    public async Task The_area_in_the_address_filters()
    {
        await Hub.AddMemberAsync(Role.Admin);
        Navigation.NavigateTo("/audit?area=member");

        var page = Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Equal("Added a member", Assert.Single(page.FindAll("td[data-label=Action] .cell")).TextContent));
    }

    [Fact]
    public async Task A_Viewer_does_not_see_what_happened_to_members()
    {
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var page = Render<AuditPage>();

        page.WaitForElement("tbody tr");
        Assert.DoesNotContain("member", page.Find("tbody").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_has_its_own_address_with_what_changed()
    {
        await Hub.AddMemberAsync(Role.Admin);
        var row = (await Hub.Get<AuditQueries>().ListAsync(Hub.Owner, new AuditFilter("member"), new(), CancellationToken.None)).Rows[0];
        Navigation.NavigateTo($"/audit?entry={PublicId.Format(PublicId.AuditEntry, row.Id)}");

        var page = Render<AuditPage>();

        page.WaitForElement(".drawer .json");
        Assert.Contains("It was not there before.", page.Find(".drawer").TextContent, StringComparison.Ordinal);
        page.Find(".drawer [data-close]").Click();
        Assert.EndsWith("/audit", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_the_role_may_not_see_is_not_there()
    {
        var bob = await Hub.AddMemberAsync(Role.Viewer);
        var row = (await Hub.Get<AuditQueries>().ListAsync(Hub.Owner, new AuditFilter("member"), new(), CancellationToken.None)).Rows[0];
        SignIn(bob);
        Navigation.NavigateTo($"/audit?entry={PublicId.Format(PublicId.AuditEntry, row.Id)}");

        var page = Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains("The audit entry was not found.", page.Find(".drawer").TextContent, StringComparison.Ordinal));
    }
}
