using Bunit;
using Integrations.Core.ApiKeys;
using Integrations.Core.Security;
using Integrations.Web.ApiKeys;

namespace Integrations.Web.Tests.ApiKeys;

public sealed class CreateApiKeyDialogTests : HubTest
{
    [Fact]
    public void What_is_missing_is_told_at_its_field_in_words()
    {
        var dialog = Render<CreateApiKeyDialog>();

        dialog.Find("form").Submit();

        dialog.WaitForAssertion(() => Assert.Equal(
            ["Name is required: say what uses the key.", "Scopes must name at least one scope."], dialog.FindAll(".field-error").Select(fault => fault.TextContent.Trim())));
    }

    [Fact]
    public async Task The_key_is_shown_once_and_done_waits_until_it_is_stored()
    {
        var dialog = Render<CreateApiKeyDialog>();
        dialog.Find("input[type=text]").Change("Shop");
        dialog.FindAll("input[type=checkbox]")[0].Change(true);
        dialog.Find("select").Change("30");

        dialog.Find("form").Submit();

        dialog.WaitForElement(".secret");
        Assert.StartsWith("sk_", dialog.Find(".secret input").GetAttribute("value"), StringComparison.Ordinal);
        Assert.True(dialog.Find(".button-primary").HasAttribute("disabled"));
        dialog.Find(".secret input[type=checkbox]").Change(true);
        Assert.False(dialog.Find(".button-primary").HasAttribute("disabled"));
        var made = (await Hub.Get<ApiKeyQueries>().ListAsync(Hub.Owner, new(), CancellationToken.None)).Rows[0];
        Assert.Equal([Scopes.EventsWrite], made.Scopes);
        Assert.Equal(new DateTimeOffset(2026, 4, 3, 23, 59, 59, 999, TimeSpan.Zero), made.ExpiresAt);
    }

    [Fact]
    public void A_day_that_is_over_is_refused()
    {
        var dialog = Render<CreateApiKeyDialog>();
        dialog.Find("select").Change("0");
        dialog.Find("input[type=date]").Change("2026-03-03");

        dialog.Find("form").Submit();

        Assert.Contains("Choose a day", dialog.Find(".field-error").TextContent, StringComparison.Ordinal);
    }
}
