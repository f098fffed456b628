using Bunit;
using Integrations.Core.Security;
using Integrations.Web.Account;

namespace Integrations.Web.Tests.Account;

public sealed class AccountPageTests : HubTest
{
    [Fact]
    public async Task The_organizations_of_a_person_are_listed_with_their_roles_and_one_can_be_changed_to()
    {
        await Hub.AddMemberAsync(Role.Viewer);
        var bob = await Hub.AddOrganizationAsync("Globex", "bob@example.com");
        SignIn(bob);

        var page = Render<AccountPage>();

        page.WaitForAssertion(() => Assert.Equal(["Acme", "Globex"], page.FindAll(".row-words strong").Select(name => name.TextContent)));
        Assert.Equal(["Viewer", "Owner"], page.FindAll(".row-words .cell-quiet").Select(role => role.TextContent));
        Assert.Equal(bob.OrganizationId.ToString(), page.Find("form[action='/account/organization'] input[name=organization]").GetAttribute("value"));
    }
}
