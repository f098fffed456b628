using Bunit;
using Integrations.Core.Connections;
using Integrations.Sandbox;
using Integrations.Web.Connections;

namespace Integrations.Web.Tests.Connections;

public sealed class ConnectDialogTests : ConnectionTest
{
    private const string UnknownKey = "sk_test_NobodyKnowsThisKeyAtAll00000000000000";

    [Fact]
    public async Task The_form_of_a_key_is_told_after_a_pause_and_goes_as_soon_as_it_is_mended()
    {
        var dialog = await OpenAsync("stripe");

        Secret(dialog).Input("sk");
        Assert.Empty(dialog.FindAll(".field-error"));
        Time.Advance(CredentialInput.Pause);
        dialog.WaitForAssertion(() => Assert.Contains("It begins with sk_live_", dialog.Find(".field-error").TextContent, StringComparison.Ordinal));
        Secret(dialog).Input(UnknownKey);

        Assert.Empty(dialog.FindAll(".field-error"));
    }

    [Fact]
    public async Task A_key_that_the_provider_refuses_is_told_at_its_field_and_nothing_is_stored()
    {
        var dialog = await OpenAsync("stripe");

        Secret(dialog).Input(UnknownKey);
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => Assert.Contains("Stripe did not accept it.", dialog.Find(".field-invalid .field-error").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(UnknownKey, dialog.Markup, StringComparison.Ordinal);
        Assert.Null((await RowAsync("stripe")).Connection);
    }

    [Fact]
    public async Task A_good_key_connects_under_the_name_that_was_given()
    {
        var dialog = await OpenAsync("stripe");
        Assert.Equal("password", Secret(dialog).GetAttribute("type"));
        dialog.Find(".secret-input button").Click();
        Assert.Equal("text", Secret(dialog).GetAttribute("type"));

        Secret(dialog).Input($" {SandboxKeys.StripeSecret} ");
        dialog.Find("details input[type=text]").Change("Shop payments");
        await dialog.Find("form").SubmitAsync();

        var made = (await RowAsync("stripe")).Connection!;
        Assert.Equal((ConnectionStatus.Connected, "Shop payments"), (made.Status, made.Name));
        Assert.DoesNotContain(SandboxKeys.StripeSecret, dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_told_at_each_field_before_anybody_is_asked()
    {
        var dialog = await OpenAsync("autocount");

        await dialog.Find("form").SubmitAsync();

        Assert.Equal(["Key ID is needed.", "API key is needed.", "Account book is needed."], dialog.FindAll(".field-error").Select(error => error.TextContent.Trim()));
        Assert.Empty(Sandbox.Provider("autocount").Calls);
    }

    [Fact]
    public async Task Consent_posts_the_permissions_that_are_ticked()
    {
        var dialog = await OpenAsync("xero");
        var form = dialog.Find("form[action='/connect/start'][method=post]");
        Assert.Equal("xero", form.QuerySelector("input[name=provider]")!.GetAttribute("value"));

        dialog.Find("input[value='write:invoices']").Change(false);

        var posted = dialog.FindAll("input[name=permissions]").Where(input => input.HasAttribute("checked")).Select(input => input.GetAttribute("value"));
        Assert.Contains("read:invoices", posted);
        Assert.DoesNotContain("write:invoices", posted);
        Assert.Contains("Continue to Xero", dialog.Find("button[type=submit]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_always_needed_stays_ticked_and_is_posted_all_the_same()
    {
        var dialog = await OpenAsync("slack");

        var needed = dialog.FindAll("input[type=checkbox]").Single(input => input.GetAttribute("value") == "read:channels");

        Assert.True(needed.HasAttribute("disabled"));
        Assert.Equal("read:channels", dialog.Find("input[type=hidden][name=permissions]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_credential_of_another_account_asks_first_and_keeps_the_connections_id()
    {
        Sandbox.Provider("slack").UseAccount(2);
        var before = await ConsentAsync("slack");
        Sandbox.Provider("slack").UseAccount(1);
        var dialog = Render<ConnectDialog>(p => p.Add(d => d.Row, RowAsync("slack").Result).Add(d => d.Mode, Core.Providers.AuthMode.Token));

        Secret(dialog).Input(SandboxKeys.SlackBot);
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => Assert.Contains($"is connected to {before.AccountName}", dialog.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("replaceAccount", dialog.Markup, StringComparison.Ordinal);
        Assert.Equal("Replace the account", dialog.Find("button[type=submit]").TextContent.Trim());
        await dialog.Find("form").SubmitAsync();

        var after = (await RowAsync("slack")).Connection!;
        Assert.Equal(before.Id, after.Id);
        Assert.NotEqual(before.AccountId, after.AccountId);
    }

    [Fact]
    public async Task A_webhook_URL_has_a_name_and_its_events()
    {
        var dialog = await OpenAsync("zapier");
        dialog.Find("input[inputmode=url]").Change("https://example.com/not-zapier");
        // Where a stand-in takes Zapier's place, the example leads there.
        Assert.Contains($"A webhook URL of Zapier looks like {Sandbox.ReceiveUrl("zapier")}/123456.", dialog.Find(".field-error").TextContent, StringComparison.Ordinal);

        dialog.Find("input[inputmode=url]").Change(Sandbox.ReceiveUrl("zapier") + "/hooks/1");
        dialog.FindAll("form input[type=text]")[1].Change("New invoices");
        await dialog.Find("form").SubmitAsync();

        var made = (await RowAsync("zapier")).Connection!;
        Assert.Equal((ConnectionStatus.Connected, 1), (made.Status, made.WebhookUrls));
    }

    [Fact]
    public async Task A_connect_link_is_shown_once()
    {
        var dialog = Render<ConnectLinkDialog>(p => p.Add(d => d.Row, RowAsync("xero").Result));
        dialog.Find("input[inputmode=url]").Change("https://app.example.com/done");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Contains("is not on the organization's list", dialog.Find(".field-error").TextContent, StringComparison.Ordinal));

        dialog.Find("input[inputmode=url]").Change("");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => Assert.Contains("/connect/", dialog.Find("input[readonly]").GetAttribute("value"), StringComparison.Ordinal));
        Assert.True(dialog.Find("button.button-primary").HasAttribute("disabled"));
    }

    private static AngleSharp.Dom.IElement Secret(IRenderedComponent<ConnectDialog> dialog) => dialog.Find(".secret-input input");

    private async Task<IRenderedComponent<ConnectDialog>> OpenAsync(string provider)
    {
        var row = await RowAsync(provider);
        return Render<ConnectDialog>(p => p.Add(d => d.Row, row));
    }
}
