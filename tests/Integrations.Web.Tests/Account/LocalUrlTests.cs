using Integrations.Web.Account;

namespace Integrations.Web.Tests.Account;

public sealed class LocalUrlTests
{
    [Theory]
    [InlineData("/audit?area=member")]
    [InlineData("/")]
    public void A_page_of_the_hub_is_kept(string url) => Assert.Equal(url, LocalUrl.Of(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("audit")]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    public void Anything_else_leads_to_the_overview(string? url) => Assert.Equal("/", LocalUrl.Of(url));
}
