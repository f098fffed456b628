using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>One Chromium for all browser tests; each test opens a page in a context of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Installed = "/usr/bin/chromium";

    // Chromium takes the last list only, so Playwright's own stands here too. The first two are pages behind the address bar: for every window they start two processes
    // that cost more than the page under test.
    private static readonly string[] _disabledFeatures =
    [
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
        "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter",
        "PaintHolding", "ThirdPartyStoragePartitioning", "BlockOriginHeaderModificationOnRedirect", "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate",
        "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not been started.");

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // Null: the browser that Playwright itself has downloaded.
            ExecutablePath = File.Exists(Installed) ? Installed : null,
            Args =
            [
                // Tabs of one context and site share a process, which is then started once.
                "--no-sandbox", "--process-per-site", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-features=" + string.Join(',', _disabledFeatures),
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>
    /// Runs a test in a fresh context. It fails on anything that the page complained of, and leaves a screenshot in artifacts/ when it fails.
    /// </summary>
    public async Task RunAsync(string name, Look look, Func<TestPage, Task> test, BrowserNewContextOptions? options = null)
    {
        await using var context = await Browser.NewContextAsync(look.Apply(options ?? new BrowserNewContextOptions()));
        await RunAsync(await OpenAsync(context, name, look), test);
    }

    /// <summary>Opens a tab of which everything is noted.</summary>
    public static async Task<TestPage> OpenAsync(IBrowserContext context, string name, Look look)
    {
        var page = new TestPage(await context.NewPageAsync(), name, look);
        await page.WatchAsync();
        return page;
    }

    /// <summary>Runs a test in a tab.</summary>
    public static async Task RunAsync(TestPage page, Func<TestPage, Task> test)
    {
        try
        {
            await test(page);
            page.AssertNoFaults();
        }
        catch
        {
            await page.ScreenshotAsync($"failed-{page.Name}");
            throw;
        }
    }
}
