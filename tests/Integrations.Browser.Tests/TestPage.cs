using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Deque.AxeCore.Commons;
using Integrations.Testing;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>What axe looks at.</summary>
public enum AxeRules
{
    All,
    AllButContrast,
    Contrast,
}

/// <summary>A page that notes everything a user's console would show in red.</summary>
public sealed class TestPage(IPage page, string name, Look look)
{
    private const int TabletWidth = 800;

    // A violation of the Content-Security-Policy is a console error in most cases; this makes it one in all.
    private const string ReportPolicyViolations = """
        document.addEventListener('securitypolicyviolation', e =>
            console.error('Content-Security-Policy: ' + e.violatedDirective + ' blocked ' + (e.blockedURI || 'inline')));
        """;

    private const string EndOfAnimations = """
        () => Promise.all(document.getAnimations()
            .filter(animation => animation.effect.getComputedTiming().endTime !== Infinity)
            .map(animation => animation.finished.catch(() => 0)))
        """;

    // Scroll width does not tell of what leaves to the left, nor of a button that stands out of its box on a wide page.
    private const string ButtonsOutside = """
        () => [...document.querySelectorAll('.button')].filter(button => button.checkVisibility()).filter(button => {
            const own = button.getBoundingClientRect(), box = button.parentElement.getBoundingClientRect();
            return box.width > 0 && (own.left < box.left - 1 || own.right > box.right + 1);
        }).map(button => button.innerText)
        """;

    // What is in order is not looked at any further, which is most of the work.
    private const string RunAxe = """
        async rules => {
            const options = { resultTypes: ['violations'] };
            if (rules === 'Contrast') options.runOnly = { type: 'rule', values: ['color-contrast'] };
            if (rules === 'AllButContrast') options.rules = { 'color-contrast': { enabled: false } };
            const result = await axe.run(document, options);
            return result.violations.map(violation => `${violation.id} (${violation.impact}): ${violation.help}\n`
                + violation.nodes.map(node => `    ${node.target}: ${node.html}`).join('\n'));
        }
        """;

    private static readonly string _axe = new BundledAxeScriptProvider().GetScript();

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();
    private readonly ConcurrentBag<string> _expected = [];
    private string _name = name;

    /// <summary>Of the test and its look.</summary>
    public string Name => $"{_name}-{Look.Name}";

    public IPage Page { get; } = page;

    public Look Look { get; } = look;

    public IReadOnlyList<string> Faults => [.. _faults.Where(fault => !_expected.Any(part => fault.Contains(part, StringComparison.Ordinal)))];

    /// <summary>Makes the page ready for another test of its look and person.</summary>
    public async Task BeginAsync(string test)
    {
        _name = test;
        // What the last document still asks for is not this test's.
        await Page.GotoAsync("about:blank");
        await Page.SetViewportSizeAsync(Look.Width, Look.Height);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = Look.Scheme });
        _faults.Clear();
        _expected.Clear();
    }

    /// <summary>Faults that hold this text are what the test is about, and do not fail it.</summary>
    public void Expect(string part) => _expected.Add(part);

    public void AssertNoFaults() => Assert.True(Faults.Count == 0, "The page complained:\n" + string.Join('\n', Faults));

    /// <summary>Completes when a fault with this text comes, or has come.</summary>
    public async Task WaitForFaultAsync(string part, TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout);
        string fault;
        do
        {
            fault = await _news.Reader.ReadAsync(patience.Token);
        }
        while (!fault.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>No violation of WCAG 2.2 A and AA, nor of axe's own best practices.</summary>
    /// <param name="state">What the test did to the look meanwhile, for the message.</param>
    public async Task AssertAccessibleAsync(AxeRules rules = AxeRules.All, string? state = null)
    {
        // What is still fading in has not got its colours yet.
        await Page.EvaluateAsync(EndOfAnimations);
        // Its package for Playwright would bring it into the page for each look, and opens a window for the sake of frames, which no page here has.
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
        {
            await Page.EvaluateAsync(_axe);
        }

        var violations = await Page.EvaluateAsync<string[]>(RunAxe, rules.ToString());
        Assert.True(violations.Length == 0, $"Accessibility of {Page.Url} ({Look.Name}{(state is null ? "" : ", " + state)}):\n" + string.Join('\n', violations));
    }

    /// <summary>A page wider than its window scrolls sideways, which no page may do on a phone or a tablet; and no button stands out of its box.</summary>
    public async Task AssertNoSidewaysScrollAsync()
    {
        await AssertFitsAsync(Look.Width);
        if (Look == Look.Desktop)
        {
            // The narrowest window that has the navigation beside the page.
            await Page.SetViewportSizeAsync(TabletWidth, Look.Height);
            await AssertFitsAsync(TabletWidth);
            await Page.SetViewportSizeAsync(Look.Width, Look.Height);
        }
    }

    private async Task AssertFitsAsync(int window)
    {
        var outside = await Page.EvaluateAsync<string[]>(ButtonsOutside);
        Assert.True(outside.Length == 0, string.Create(CultureInfo.InvariantCulture, $"{Page.Url} ({Look.Name}, {window} px) has buttons that stand out of their boxes: {string.Join(", ", outside)}."));
        var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= window, string.Create(CultureInfo.InvariantCulture, $"{Page.Url} is {width} px wide in a window of {window} px."));
    }

    /// <summary>Written to artifacts/ at the top of the repository.</summary>
    public Task ScreenshotAsync(string? file = null) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = RepositoryFiles.Path("artifacts", (file ?? Name) + ".png"),
        FullPage = true,
    });

    internal Task WatchAsync()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Note($"console: {message.Text} ({message.Location})");
            }
        };
        Page.PageError += (_, error) => Note("script: " + error);
        Page.RequestFailed += (_, request) =>
        {
            // What is still loading when the page is left is aborted, and no fault.
            if (request.Failure is { } failure && !failure.Contains("ERR_ABORTED", StringComparison.Ordinal))
            {
                Note($"request: {request.Method} {request.Url}: {failure}");
            }
        };
        Page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                Note(string.Create(CultureInfo.InvariantCulture, $"response: {response.Status} {response.Request.Method} {response.Url}"));
            }
        };
        return Page.AddInitScriptAsync(ReportPolicyViolations);
    }

    private void Note(string fault)
    {
        _faults.Enqueue(fault);
        _news.Writer.TryWrite(fault);
    }
}
