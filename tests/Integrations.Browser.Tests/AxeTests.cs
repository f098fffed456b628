namespace Integrations.Browser.Tests;

/// <summary>That axe finds nothing says something only as long as it looks.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AxeTests(BrowserFixture browser)
{
    private const string Poor = """
        <!doctype html><html lang="en"><head><title>Poor</title></head><body><main><h1>Poor</h1>
        <img src="data:,"><p style="color: #ccc; background: #fff">Faint</p></main></body></html>
        """;

    [Theory]
    [InlineData(AxeRules.All, true, true)]
    [InlineData(AxeRules.AllButContrast, true, false)]
    [InlineData(AxeRules.Contrast, false, true)]
    public Task What_is_wrong_is_told(AxeRules rules, bool isImageTold, bool isContrastTold) => browser.RunAsync($"axe-{rules}", Look.Desktop, async test =>
    {
        await test.Page.SetContentAsync(Poor);

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => test.AssertAccessibleAsync(rules));

        Assert.Equal(
            (isImageTold, isContrastTold),
            (fault.Message.Contains("image-alt", StringComparison.Ordinal), fault.Message.Contains("color-contrast", StringComparison.Ordinal)));
    });
}
