using Bunit;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Web.Connections;

namespace Integrations.Web.Tests.Connections;

/// <summary>The settings, the actions and the end of a connection.</summary>
public sealed class ConnectionPanelTests : ConnectionTest
{
    [Fact]
    public async Task A_setting_is_chosen_from_what_the_provider_has_which_is_asked_only_then()
    {
        await ConsentAsync("xero");
        var calls = Sandbox.Provider("xero").Calls.Count;
        var panel = await SettingsAsync("xero");
        Assert.Equal(calls, Sandbox.Provider("xero").Calls.Count);

        panel.Find(".picker button").Click();
        panel.WaitForElement("select");
        var choice = panel.FindAll("select option")[^1].GetAttribute("value")!;
        panel.Find("select").Change(choice);
        await panel.Find("form").SubmitAsync();

        panel.WaitForAssertion(() => Assert.Contains(Toasts.Current, toast => toast.Text == "The settings were saved."));
        Assert.Equal(choice, (await RowAsync("xero")).Connection!.ProviderSettings["tenantId"]);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_leaves_the_form_usable()
    {
        await ConsentAsync("xero");
        Sandbox.Provider("xero").RevokeGrants();
        var panel = await SettingsAsync("xero");

        panel.Find(".picker button").Click();

        panel.WaitForAssertion(() => Assert.Contains("Xero", panel.Find(".field-error").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(5));
        panel.Find("form > .field input").Change("Books");
        await panel.Find("form").SubmitAsync();
        Assert.Equal("Books", (await RowAsync("xero")).Connection!.Name);
    }

    [Fact]
    public async Task Wider_permissions_say_that_they_take_another_consent()
    {
        await ConsentAsync("xero", "read:contacts");
        var panel = await SettingsAsync("xero");
        Assert.Empty(panel.FindAll(".notice"));

        panel.Find("input[value='read:invoices']").Change(true);

        Assert.Contains("another consent for: Read invoices", panel.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Save and ask for consent", panel.Find("button[type=submit]").TextContent.Trim());
    }

    [Fact]
    public async Task A_message_is_sent_and_the_form_is_empty_again()
    {
        var slack = await ConsentAsync("slack");
        var form = Render<ActionForm>(p => p.Add(f => f.Connection, slack).Add(f => f.Action, slack.Connector.Actions[0]));
        await form.Find("form").SubmitAsync();
        form.WaitForAssertion(() => Assert.Contains("Message is required", form.Find(".field-error").TextContent, StringComparison.Ordinal));
        form.Find(".picker button").Click();
        form.WaitForElement("select");
        form.Find("select").Change(form.FindAll("select option")[1].GetAttribute("value")!);

        form.Find("textarea").Change("The build is green.");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Contains("The message was sent.", form.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Equal("The build is green.", Assert.Single(Sandbox.Provider("slack").Sent).Values["text"]);
        Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task A_file_goes_up()
    {
        var drive = await ConsentAsync("google-drive");
        var form = Render<ActionForm>(p => p.Add(f => f.Connection, drive).Add(f => f.Action, drive.Connector.Actions[0]));

        form.FindComponent<Microsoft.AspNetCore.Components.Forms.InputFile>().UploadFiles(InputFileContent.CreateFromText("hello", "notes.txt"));
        await form.Find("form").SubmitAsync();

        form.WaitForElement(".notice.tone-success");
        Assert.Single(Sandbox.Provider("google-drive").Sent);
    }

    [Fact]
    public async Task What_a_connection_may_not_do_says_how_to_allow_it()
    {
        var slack = await ConsentAsync("slack", "read:users");

        var panel = Render<ActionsPanel>(p => p.Add(a => a.Connection, slack));

        Assert.Contains("Send messages", panel.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("/integrations/slack?tab=settings", panel.Find(".notice a").GetAttribute("href"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disconnecting_says_what_follows_and_keeps_the_credential_when_told(bool keep)
    {
        var slack = await ConsentAsync("slack");
        var dialog = Render<DisconnectDialog>(p => p.Add(d => d.Connection, slack));
        Assert.Contains("revoked at Slack", dialog.Find("ul").TextContent, StringComparison.Ordinal);

        dialog.Find("input[type=checkbox]").Change(keep);
        Assert.Equal(keep, dialog.Find("ul").TextContent.Contains("stays, and so does the credential", StringComparison.Ordinal));
        await dialog.Find("form").SubmitAsync();

        var after = (await RowAsync("slack")).Connection!;
        Assert.Equal((ConnectionStatus.Disconnected, keep), (after.Status, after.HasCredential));
        Assert.Equal(keep ? 1 : 0, Sandbox.Provider("slack").LiveGrants);
    }

    [Fact]
    public async Task Disconnecting_webhook_URLs_says_how_many_go()
    {
        await ConnectUrlAsync("orders");

        var dialog = Render<DisconnectDialog>(p => p.Add(d => d.Connection, ConnectUrlAsync("refunds").Result));

        Assert.Contains("Its 2 webhook URLs are deleted", dialog.Find("ul").TextContent, StringComparison.Ordinal);
        Assert.Empty(dialog.FindAll("input[type=checkbox]"));
    }

    [Fact]
    public void Limits_read_as_sentences()
    {
        Assert.Equal("60 requests a minute, 5 at once", ConnectionWords.Limit(ProviderRateLimit.PerMinute(60, 5)));
        Assert.Equal("1 request in 10 s, 10 at once", ConnectionWords.Limit(new ProviderRateLimit(1, TimeSpan.FromSeconds(10))));
        Assert.Equal("No limit is known; 10 at once", ConnectionWords.Limit(ProviderRateLimit.Unlimited));
        Assert.Equal("12 left", ConnectionWords.Quota(new ProviderQuota("day", 12, null)));
    }

    private async Task<IRenderedComponent<ConnectionSettingsPanel>> SettingsAsync(string provider)
    {
        var row = await RowAsync(provider);
        return Render<ConnectionSettingsPanel>(p => p.Add(s => s.Row, row).Add(s => s.CanWrite, true));
    }
}
