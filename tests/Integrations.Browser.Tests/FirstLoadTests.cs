using System.Collections.Concurrent;
using System.Globalization;
using Integrations.Testing;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Integrations.Browser.Tests;

/// <summary>What a browser that has never been here has to fetch from a published hub; only there static files are compressed.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FirstLoadTests(BrowserFixture browser, ITestOutputHelper output)
{
    private const int MostBytes = 500_000;

    [Fact]
    public async Task The_first_page_is_small_and_asks_for_no_font_and_no_other_host()
    {
        using var folder = new TempDirectory();
        await PublishAsync(folder.Path);
        // Makes the database; the process then works on it.
        await using var hub = await HubApp.StartAsync();
        await hub.StopAsync();
        await using var process = HubProcess.StartPublished(folder.Path, hub.Settings);
        var address = await process.WaitUntilListeningAsync();

        var session = "";
        await browser.RunAsync("first-load-sign-in", Look.Desktop, async test =>
        {
            await test.Page.GotoAsync(address.AbsoluteUri);
            await test.Page.SignInAsync(HubApp.OwnerEmail, HubApp.OwnerPassword);
            await test.Page.ReadyAsync();
            session = await test.Page.Context.StorageStateAsync();
        });
        await browser.RunAsync("first-load", Look.Desktop, test => MeasureAsync(test.Page, address), new BrowserNewContextOptions { StorageState = session });
    }

    // With a fresh cache.
    private async Task MeasureAsync(IPage page, Uri address)
    {
        ConcurrentBag<(string Type, Uri Url)> requests = [];
        ConcurrentBag<long> sizes = [];
        var network = await page.Context.NewCDPSessionAsync(page);
        // As it goes over the wire: headers, and bodies compressed.
        network.Event("Network.loadingFinished").OnEvent += (_, args) => sizes.Add((long)args!.Value.GetProperty("encodedDataLength").GetDouble());
        await network.SendAsync("Network.enable");
        page.Request += (_, request) => requests.Add((request.ResourceType, new Uri(request.Url)));

        await page.OpenAsync(address.AbsoluteUri, ".figures");

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sizes.Count} answers have {sizes.Sum():N0} bytes: {string.Join(", ", sizes.OrderDescending())}"));
        Assert.True(sizes.Count >= 5, "The requests were not seen.");
        Assert.DoesNotContain(requests, request => request.Type == "font" || (request.Url.Scheme is "http" or "https" && request.Url.Authority != address.Authority));
        Assert.InRange(sizes.Sum(), 1, MostBytes);
    }

    // What this test was built with, so that nothing is compiled here.
    private static async Task PublishAsync(string folder)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        await Command.RunAsync(
            "dotnet", ["publish", RepositoryFiles.Path("Integrations.Web"), "-c", configuration, "--no-build", "-o", folder, "-nologo"], RepositoryFiles.Root, patience.Token);
    }
}
