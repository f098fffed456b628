using Bunit;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Web.Organizations;

namespace Integrations.Web.Tests.Organizations;

public sealed class MembersPageTests : HubTest
{
    [Fact]
    public async Task An_Owner_manages_members()
    {
        await Hub.AddMemberAsync(Role.Viewer);

        var page = Render<MembersPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Contains("Add member", page.Find(".page-actions").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("button[aria-label='Remove bob@example.com']"));
        Assert.Contains("ann@example.com (you)", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Admin)]
    public async Task Everybody_else_reads_and_is_told_why(Role role)
    {
        SignIn(await Hub.AddMemberAsync(role));

        var page = Render<MembersPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Empty(page.FindAll(".page button"));
        Assert.Contains($"You are {role} here", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_Owner_stays_Owner_and_the_dialog_says_so()
    {
        var dialog = Render<ChangeRoleDialog>(p => p.Add(d => d.Member, Member()));

        dialog.FindAll("input[type=radio]")[0].Change("Viewer");
        dialog.Find("form").Submit();

        dialog.WaitForAssertion(() => Assert.Contains("An organization needs an Owner", dialog.Find(".field-error").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_weak_first_password_is_told_at_its_field_and_a_good_one_adds_the_member()
    {
        var dialog = Render<AddMemberDialog>();
        dialog.Find("input[type=email]").Change("eve@example.com");
        dialog.Find("input.mono").Change("short");

        dialog.Find("form").Submit();

        dialog.WaitForAssertion(() => Assert.Contains("at least 12", dialog.Find(".field-invalid .field-error").TextContent, StringComparison.Ordinal));
        dialog.Find("input.mono").Change(HubServices.Password);
        dialog.FindAll("input[type=radio]")[1].Change("Admin");
        dialog.Find("form").Submit();
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".field-error")));
        var members = await Hub.Get<OrganizationQueries>().ListMembersAsync(Hub.Owner, new(), CancellationToken.None);
        Assert.Equal(Role.Admin, members.Rows.Single(row => row.Email == "eve@example.com").Role);
    }

    private MemberRow Member() =>
        Hub.Get<OrganizationQueries>().ListMembersAsync(Hub.Owner, new(), CancellationToken.None).GetAwaiter().GetResult().Rows[0];
}
