using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

public sealed class WebhookUrlTests
{
    [Theory]
    [InlineData("zapier", "https://hooks.zapier.com/hooks/catch/123456/abcdef/")]
    [InlineData("zapier", "https://hooks.zapier.com/hooks/catch/123456/abcdef")]
    [InlineData("zapier", "https://HOOKS.zapier.com/hooks/catch/123456/abcdef")]
    [InlineData("make", "https://hook.eu1.make.com/abcdefghijklmnopqrstuvwxyz012345")]
    [InlineData("make", "https://hook.us2.make.com/abc123/")]
    [InlineData("make", "https://hook.us1.make.celonis.com/abc123")]
    [InlineData("n8n", "https://acme.app.n8n.cloud/webhook/orders")]
    [InlineData("n8n", "https://acme.app.n8n.cloud/webhook-test/9b0c5a9e-1234/orders?key=1")]
    [InlineData("n8n", "http://n8n.internal:5678/webhook/orders")]
    [InlineData("n8n", "https://example.com/automation/webhook/orders")]
    [InlineData("custom", "https://example.com/anything?at=all")]
    public void A_url_of_the_providers_form_is_taken(string provider, string url) => Assert.Null(WhyNot(provider, url));

    [Theory]
    [InlineData("zapier", "http://hooks.zapier.com/hooks/catch/123456/abcdef/")]
    [InlineData("zapier", "https://hooks.zapier.com.evil.example/hooks/catch/1/a")]
    [InlineData("zapier", "https://evil.example/https://hooks.zapier.com/hooks/catch/1/a")]
    [InlineData("zapier", "https://hooks.zapier.com@evil.example/hooks/catch/1/a")]
    [InlineData("zapier", "https://hooks.zapier.com/hooks/catch/../../admin")]
    [InlineData("zapier", "https://hooks.zapier.com/hooks/standard/1/a")]
    [InlineData("make", "https://hook.evil.example/abc")]
    [InlineData("make", "https://eu1.make.com/api/v2/users/me")]
    [InlineData("n8n", "https://acme.app.n8n.cloud/api/v1/workflows")]
    [InlineData("n8n", "https://acme.app.n8n.cloud/webhook/")]
    [InlineData("n8n", "ftp://acme.app.n8n.cloud/webhook/orders")]
    [InlineData("zapier", "not a url")]
    [InlineData("zapier", "http://127.0.0.1:8080/receive/zapier/a")]
    [InlineData("stripe", "https://example.com/")]
    public void Another_is_refused_with_what_it_should_look_like(string provider, string url) => Assert.NotNull(WhyNot(provider, url));

    [Theory]
    [InlineData("http://127.0.0.1:8080/receive/zapier/a", true)]
    [InlineData("http://127.0.0.1:8080/receive/zapier/a/b?status=500", true)]
    [InlineData("https://hooks.zapier.com/hooks/catch/123456/abcdef/", true)]
    [InlineData("http://127.0.0.1:8080/receive/zapierx/a", false)]
    [InlineData("http://127.0.0.1:80800/receive/zapier/a", false)]
    [InlineData("http://127.0.0.1:8080/receive/zapier/../../admin", false)]
    [InlineData("http://127.0.0.1:8080/receive/make/a", false)]
    public void A_stand_in_that_the_configuration_names_takes_its_own_urls_too(string url, bool isTaken) =>
        Assert.Equal(isTaken, WhyNot("zapier", url, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Providers:zapier:Urls:hooks"] = "http://127.0.0.1:8080/receive/zapier" }) is null);

    [Fact]
    public void Every_provider_takes_its_own_example()
    {
        using var harness = new ProviderHarness();

        Assert.Equal(
            ["custom", "make", "n8n", "zapier"],
            harness.Catalog.All.Where(connector => connector.WebhookUrl is { } method && connector.WhyNotWebhookUrl(method.Example, harness.UrlsOf(connector)) is null)
                .Select(connector => connector.Info.Key).Order(StringComparer.Ordinal));
    }

    private static string? WhyNot(string provider, string url, Dictionary<string, string?>? settings = null)
    {
        using var harness = new ProviderHarness(settings);
        var connector = harness.Catalog.Find(provider)!;
        return connector.WhyNotWebhookUrl(url, harness.UrlsOf(connector));
    }
}
