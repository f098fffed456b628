using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Web.Connections;

namespace Integrations.Web.Tests.Connections;

public sealed class ProvidersPageTests : HubTest
{
    [Fact]
    public async Task An_Owner_enters_a_client_whose_secret_is_never_shown()
    {
        var page = Render<ProvidersPage>();
        page.WaitForElement("#xero");
        Assert.Equal("None", page.Find("#xero .badge").TextContent);
        Assert.Contains("/api/integrations/oauth/xero/callback", page.Find("#xero").TextContent, StringComparison.Ordinal);

        await EnterAsync("xero", "client-1", "very secret");

        page.WaitForAssertion(() => Assert.Equal("Entered here", page.Find("#xero .badge").TextContent), TimeSpan.FromSeconds(5));
        Assert.Contains("client-1", page.Find("#xero").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("very secret", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(page.Find("button[aria-label='Remove the client of Xero']"));
    }

    [Fact]
    public async Task A_change_of_the_id_keeps_the_secret()
    {
        await EnterAsync("xero", "client-1", "very secret");
        await EnterAsync("xero", "client-2", "");

        Assert.Equal("client-2", (await ClientAsync("xero")).ClientId);
    }

    [Fact]
    public async Task What_is_missing_is_told_at_its_field()
    {
        var dialog = await EnterAsync("xero", "", "");

        Assert.Equal(2, dialog.FindAll(".field-invalid").Count);
        Assert.StartsWith("Client id is required", dialog.Find(".field-error").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Admin)]
    [InlineData(Role.Viewer)]
    public async Task Everybody_else_reads_and_is_told_who_can(Role role)
    {
        SignIn(await Hub.AddMemberAsync(role));

        var page = Render<ProvidersPage>();

        page.WaitForAssertion(() => Assert.Contains($"entered by Owners. You are {role} here", page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("td .cell-actions"));
        Assert.Equal(role == Role.Admin, page.FindAll("#return-urls form").Count == 1);
    }

    [Fact]
    public async Task Return_URLs_are_checked_added_and_removed()
    {
        SignIn(await Hub.AddMemberAsync(Role.Admin));
        var page = Render<ProvidersPage>();
        page.WaitForElement("#return-urls form");

        page.Find("#return-urls input").Change("http://example.com/");
        await page.Find("#return-urls form").SubmitAsync();
        Assert.Contains("must be https", page.Find("#return-urls .field-error").TextContent, StringComparison.Ordinal);
        page.Find("#return-urls input").Change("https://example.com/done");
        await page.Find("#return-urls form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal("https://example.com/done", page.Find("#return-urls li code").TextContent));
        page.Find("button[aria-label='Remove https://example.com/done']").Click();

        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#return-urls li")));
    }

    [Fact]
    public async Task The_list_of_return_URLs_has_an_end_and_no_Viewer_changes_it()
    {
        var service = Hub.Get<ReturnUrlService>();
        for (var i = 0; i < ReturnUrls.Max; i++)
        {
            await service.AddAsync(Hub.Owner, $"https://example.com/{i}", CancellationToken.None);
        }

        Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => service.AddAsync(Hub.Owner, "https://example.com/more", CancellationToken.None))).Kind);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => service.AddAsync(Hub.Owner, "https://example.com/1", CancellationToken.None))).Kind);
        var viewer = await Hub.AddMemberAsync(Role.Viewer);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => service.RemoveAsync(viewer, "https://example.com/1", CancellationToken.None))).Kind);
        Assert.Equal(ReturnUrls.Max, (await service.ListAsync(viewer, CancellationToken.None)).Count);
    }

    private async Task<OAuthClientRow> ClientAsync(string provider) => (await Hub.Get<OAuthClients>().ListAsync(Hub.Owner, CancellationToken.None)).Single(row => row.Provider == provider);

    private async Task<IRenderedComponent<ClientDialog>> EnterAsync(string provider, string id, string secret)
    {
        var client = await ClientAsync(provider);
        var dialog = Render<ClientDialog>(p => p.Add(d => d.Client, client));
        dialog.Find("input[type=text]").Change(id);
        dialog.Find("input[type=password]").Input(secret);
        await dialog.Find("form").SubmitAsync();
        return dialog;
    }
}
