using Bunit;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Web.Layout;

namespace Integrations.Web.Tests.Organizations;

public sealed class OrganizationSwitcherTests : HubTest
{
    [Fact]
    public void With_one_organization_there_is_its_name_and_no_menu()
    {
        var switcher = Render<OrganizationSwitcher>();

        switcher.WaitForAssertion(() => Assert.Equal("Acme", switcher.Find(".nav-title").TextContent));
        Assert.Empty(switcher.FindAll("details"));
    }

    [Fact]
    public async Task With_several_the_current_one_is_marked_and_the_others_are_forms()
    {
        var second = await Hub.AddOrganizationAsync("Globex", "ann@example.com");
        await Hub.Get<OrganizationQueries>().WorkInAsync(second.Id!.Value, second.OrganizationId!.Value, CancellationToken.None);

        var switcher = Render<OrganizationSwitcher>();

        switcher.WaitForAssertion(() => Assert.Equal("Globex", switcher.Find("summary span.nav-title").TextContent));
        Assert.Contains("Globex", switcher.Find("[aria-current=true]").TextContent, StringComparison.Ordinal);
        Assert.Equal(2, switcher.FindAll("form[action='/account/organization'][method=post]").Count);
    }

    [Fact]
    public async Task Who_was_removed_is_led_to_sign_in()
    {
        var bob = await Hub.AddMemberAsync(Role.Viewer);
        var members = await Hub.Get<OrganizationQueries>().ListMembersAsync(Hub.Owner, new(), CancellationToken.None);
        await Hub.Get<MemberService>().RemoveAsync(Hub.Owner, members.Rows.Single(row => row.UserId == bob.Id).Id, CancellationToken.None);
        SignIn(bob);

        var switcher = Render<OrganizationSwitcher>();

        switcher.WaitForAssertion(() => Assert.EndsWith("/sign-in", Navigation.Uri, StringComparison.Ordinal));
    }
}
