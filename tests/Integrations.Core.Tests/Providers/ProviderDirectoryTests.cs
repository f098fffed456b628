using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

public sealed class ProviderDirectoryTests
{
    [Fact]
    public void Without_configuration_the_connectors_own_urls_hold()
    {
        using var harness = new ProviderHarness();
        var connector = harness.Catalog.Find("facebook")!;

        var urls = harness.UrlsOf(connector);

        Assert.Equal((connector.ApiBaseUrl, connector.OAuth!.AuthorizationUrl, connector.OAuth.TokenUrl, connector.OAuth.RevocationUrl), (urls.ApiBase, urls.Authorization, urls.Token, urls.Revocation));
        Assert.Empty(urls.Configured);
    }

    [Fact]
    public void Each_url_can_be_put_in_the_connectors_place()
    {
        using var harness = new ProviderHarness(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Providers:mailchimp:ApiBaseUrl"] = "http://localhost:5001/3.0/",
            ["Providers:mailchimp:TokenUrl"] = "http://localhost:5002/token",
            ["Providers:mailchimp:Urls:Metadata"] = "http://localhost:5003/metadata/",
        });

        var urls = harness.UrlsOf(harness.Catalog.Find("mailchimp")!);

        Assert.Equal(("http://localhost:5001/3.0", "http://localhost:5002/token", "http://localhost:5003/metadata"), (urls.ApiBase, urls.Token, urls.Named["metadata"]));
        Assert.Equal("https://login.mailchimp.com/oauth2/authorize", urls.Authorization);
        Assert.True(urls.IsConfigured("http://localhost:5002/anything"));
        Assert.False(urls.IsConfigured("https://login.mailchimp.com/oauth2/authorize"));
        Assert.False(urls.IsConfigured("http://localhost:5004/"));
    }

    [Fact]
    public void The_client_comes_from_the_configuration_or_from_the_environments_names()
    {
        using var harness = new ProviderHarness(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Providers:facebook:ClientId"] = "configured",
            ["Providers:facebook:ClientSecret"] = "s1",
            ["FACEBOOK_CLIENT_ID"] = "environment",
            ["FACEBOOK_CLIENT_SECRET"] = "s2",
            ["INSTAGRAM_CLIENT_ID"] = "environment",
            ["INSTAGRAM_CLIENT_SECRET"] = "s3",
            ["MAILCHIMP_CLIENT_ID"] = "half",
        });

        Assert.Equal(new OAuthClient("configured", "s1"), ClientOf(harness, "facebook"));
        Assert.Equal(new OAuthClient("environment", "s3"), ClientOf(harness, "instagram"));
        Assert.Null(ClientOf(harness, "mailchimp"));
        Assert.Null(ClientOf(harness, "sendgrid"));
    }

    [Theory]
    [InlineData(null, 25, 1)]
    [InlineData("120", 120, 60)]
    [InlineData("0", 0, 60)]
    public void A_rate_can_be_put_in_the_connectors_place(string? configured, int requests, int seconds)
    {
        using var harness = new ProviderHarness(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Providers:stripe:RequestsPerMinute"] = configured });

        var limit = harness.Directory.LimitOf(harness.Catalog.Find("stripe")!);

        Assert.Equal((requests, TimeSpan.FromSeconds(seconds)), (limit.Requests, limit.Per));
    }

    [Theory]
    [InlineData("https://api.stripe.com/v1/balance", true)]
    [InlineData("https://login.mailchimp.com/oauth2/metadata", true)]
    [InlineData("http://localhost:5001/anything", true)]
    [InlineData("http://api.stripe.com/v1/balance", false)]
    [InlineData("https://us6.api.mailchimp.com/3.0", false)]
    [InlineData("http://localhost:5002/", false)]
    [InlineData("https://api.stripe.com:8443/", false)]
    [InlineData("https://api.stripe.com@evil.example/", false)]
    public void Only_origins_that_connectors_and_the_configuration_name_are_trusted(string url, bool isTrusted)
    {
        using var harness = new ProviderHarness(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Providers:sendgrid:ApiBaseUrl"] = "http://localhost:5001/sendgrid" });

        Assert.Equal(isTrusted, harness.Directory.IsTrusted(new Uri(url)));
    }

    private static OAuthClient? ClientOf(ProviderHarness harness, string provider) => harness.Directory.ClientOf(harness.Catalog.Find(provider)!);
}
