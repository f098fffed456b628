using Bunit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Web.Shared;
using Integrations.Web.StoredKeys;

namespace Integrations.Web.Tests.StoredKeys;

public sealed class StoredKeysPageTests : HubTest
{
    private const string Value = "sk_live_canary0123456789abcd";

    [Fact]
    public async Task Keys_are_shown_masked_with_their_provider_and_their_id()
    {
        var id = await CreateAsync("Shop", "stripe");
        await CreateAsync("Anything", null);

        var page = Render<StoredKeysPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Equal(["Any", "Stripe"], page.FindAll("td[data-label=Provider]").Select(cell => cell.TextContent.Trim()));
        Assert.All(page.FindAll("td[data-label=Key]"), cell => Assert.Equal("sk_…abcd", cell.TextContent.Trim()));
        Assert.Single(page.FindAll($"button[aria-label='Copy {PublicId.Format(PublicId.StoredKey, id)}']"));
        Assert.DoesNotContain("canary", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_keys_the_page_says_what_they_are_for()
    {
        var page = Render<StoredKeysPage>();

        page.WaitForElement(".empty");
        Assert.Contains("No stored keys yet", page.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindAll(".empty button"));
    }

    [Fact]
    public async Task A_key_that_somebody_else_stores_appears_by_itself()
    {
        var page = Render<StoredKeysPage>();
        page.WaitForElement(".empty");
        page.WaitForState(() => page.FindComponent<LiveUpdates>().Instance.IsListening);

        await CreateAsync("Shop", null);

        page.WaitForElement("tbody tr", TimeSpan.FromSeconds(10));
        Assert.Contains("Shop", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Viewer_reads_and_is_told_why()
    {
        await CreateAsync("Shop", null);
        SignIn(await Hub.AddMemberAsync(Role.Viewer));

        var page = Render<StoredKeysPage>();

        page.WaitForElement("tbody tr");
        Assert.All(page.FindAll(".page button"), button => Assert.StartsWith("Copy ", button.GetAttribute("aria-label"), StringComparison.Ordinal));
        Assert.Contains("You are Viewer here", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    private Task<Guid> CreateAsync(string name, string? provider) =>
        Hub.Get<StoredKeyService>().CreateAsync(Hub.Owner, new StoredKeyInput { Name = name, Value = Value, Provider = provider }, CancellationToken.None);
}
