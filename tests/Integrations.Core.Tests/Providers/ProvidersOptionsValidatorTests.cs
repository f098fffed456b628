using Integrations.Core.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Tests.Providers;

public sealed class ProvidersOptionsValidatorTests
{
    [Theory]
    [InlineData("Providers:stirpe:ClientId", "x", "Providers:stirpe names no provider.")]
    [InlineData("Providers:google_drive:Urls:upload", "https://example.com", "Providers:google_drive names no provider.")]
    [InlineData("Providers:stripe:ApiBaseUrl", "localhost:5001", "Providers:stripe:ApiBaseUrl is \"localhost:5001\"; it must be an absolute URL.")]
    [InlineData("Providers:stripe:ApiBaseUrl", "/v1", "Providers:stripe:ApiBaseUrl is \"/v1\"; it must be an absolute URL.")]
    [InlineData("Providers:xero:AuthorizationUrl", "ftp://example.com", "Providers:xero:AuthorizationUrl is \"ftp://example.com\"; it must be an absolute URL.")]
    [InlineData("Providers:xero:TokenUrl", "file:///etc/passwd", "Providers:xero:TokenUrl is \"file:///etc/passwd\"; it must be an absolute URL.")]
    [InlineData("Providers:xero:RevocationUrl", "nowhere", "Providers:xero:RevocationUrl is \"nowhere\"; it must be an absolute URL.")]
    [InlineData("Providers:zapier:Urls:hooks", "hooks", "Providers:zapier:Urls:hooks is \"hooks\"; it must be an absolute URL.")]
    [InlineData("Providers:stripe:RequestsPerMinute", "ten", "Providers:stripe:RequestsPerMinute is \"ten\"; it must be a whole number, 0 for no limit.")]
    [InlineData("Providers:stripe:RequestsPerMinute", "-1", "Providers:stripe:RequestsPerMinute is \"-1\"; it must be a whole number, 0 for no limit.")]
    [InlineData("Providers:xero:ClientId", "x", "Providers:xero needs both ClientId and ClientSecret.")]
    [InlineData("Providers:xero:ClientSecret", "x", "Providers:xero needs both ClientId and ClientSecret.")]
    public void A_fault_is_told_with_the_key_to_set(string key, string value, string expected) =>
        Assert.StartsWith(expected, Assert.Single(FaultsOf(new(StringComparer.Ordinal) { [key] = value })), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_at_once() => Assert.Equal(4, FaultsOf(new(StringComparer.Ordinal)
    {
        ["Providers:stirpe:ApiBaseUrl"] = "https://example.com",
        ["Providers:xero:ClientId"] = "x",
        ["Providers:stripe:ApiBaseUrl"] = "x",
        ["Providers:stripe:RequestsPerMinute"] = "x",
    }).Count);

    [Fact]
    public void Every_setting_that_can_be_used_passes() => Assert.Empty(FaultsOf(new(StringComparer.Ordinal)
    {
        ["Providers:Stripe:ClientId"] = "x",
        ["Providers:Stripe:ClientSecret"] = "y",
        ["Providers:Stripe:RequestsPerMinute"] = "0",
        ["Providers:xero:ApiBaseUrl"] = "http://localhost:5001/xero",
        ["Providers:xero:TokenUrl"] = "",
        ["Providers:make:Urls:hooks"] = "http://localhost:5001/receive/make",
    }));

    private static IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddProviders().BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<ProvidersOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
