using Bunit;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Web.StoredKeys;

namespace Integrations.Web.Tests.StoredKeys;

public sealed class StoredKeyDialogTests : HubTest
{
    private const string Value = "sk_live_canary0123456789abcd";

    [Fact]
    public void What_is_missing_is_told_at_its_field_in_words()
    {
        var dialog = Render<StoredKeyDialog>();

        dialog.Find("form").Submit();

        dialog.WaitForAssertion(() => Assert.Equal(
            ["Name is required: say whose key it is.", "Value is required: the key or token itself."], dialog.FindAll(".field-error").Select(fault => fault.TextContent.Trim())));
    }

    [Fact]
    public async Task A_new_key_is_stored_and_its_value_never_comes_back_to_the_browser()
    {
        var dialog = Render<StoredKeyDialog>();
        dialog.Find("input[type=password]").Change(Value);
        dialog.Find("form").Submit();
        dialog.WaitForElement(".field-error");
        Assert.DoesNotContain("canary", dialog.Markup, StringComparison.Ordinal);

        dialog.Find("input[type=text]").Change(" Shop ");
        dialog.Find("select").Change("stripe");
        dialog.Find("form").Submit();

        var key = Assert.Single((await Hub.Get<StoredKeyQueries>().ListAsync(Hub.Owner, new PageRequest(), CancellationToken.None)).Rows);
        Assert.Equal(("Shop", "stripe", "sk_…abcd"), (key.Name, key.Provider, key.Masked));
    }

    [Fact]
    public async Task A_change_without_a_value_keeps_it()
    {
        var service = Hub.Get<StoredKeyService>();
        var id = await service.CreateAsync(Hub.Owner, new StoredKeyInput { Name = "Shop", Value = Value, Provider = "stripe" }, CancellationToken.None);
        var before = await Hub.Get<StoredKeyQueries>().GetAsync(Hub.Owner, id, CancellationToken.None);
        var dialog = Render<StoredKeyDialog>(parameters => parameters.Add(dialog => dialog.Key, before));
        Assert.Equal("stripe", dialog.Find("select").GetAttribute("value"));

        dialog.Find("input[type=text]").Change("Store");
        dialog.Find("select").Change("");
        dialog.Find("form").Submit();

        var after = await Hub.Get<StoredKeyQueries>().GetAsync(Hub.Owner, id, CancellationToken.None);
        Assert.Equal(("Store", null, "sk_…abcd"), (after.Name, after.Provider, after.Masked));
        Assert.Equal(Value, await Hub.Get<StoredKeyReader>().ReadForUseAsync(Hub.Owner, id, "stripe", CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_at_the_name()
    {
        await Hub.Get<StoredKeyService>().CreateAsync(Hub.Owner, new StoredKeyInput { Name = "Shop", Value = Value }, CancellationToken.None);
        var dialog = Render<StoredKeyDialog>();
        dialog.Find("input[type=text]").Change("Shop");
        dialog.Find("input[type=password]").Change(Value);

        dialog.Find("form").Submit();

        dialog.WaitForAssertion(() => Assert.Contains("There is a stored key Shop already", dialog.Find(".field-error").TextContent, StringComparison.Ordinal));
    }
}
