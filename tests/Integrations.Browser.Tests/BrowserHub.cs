using System.Collections.Concurrent;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Integrations.Browser.Tests;

/// <summary>A hub on a port and a receiver of its webhooks, for the tests of one class. Each person signs in once, through the page; later contexts begin with that session.</summary>
public class BrowserHub(BrowserFixture browser) : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string? Email, Look Look), Lazy<Task<TestPage>>> _pages = [];
    private HubApp? _app;
    private SandboxHost? _sandbox;

    public HubApp App => _app ?? throw new InvalidOperationException("The hub has not been started.");

    public SandboxHost Sandbox => _sandbox ?? throw new InvalidOperationException("The receiver has not been started.");

    public virtual async Task InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync();
        // It takes the sandbox for the providers; tests connect faster than people do.
        var settings = new Dictionary<string, string?>(Sandbox.HubSettings, StringComparer.OrdinalIgnoreCase) { ["Connections:MaxCreationsPerMinute"] = "1000", ["Connections:MaxConsentsPerMinute"] = "1000" };
        _app = await HubApp.StartAsync(new HubAppOptions { ListensOnPort = true, Settings = settings });
    }

    public async Task DisposeAsync()
    {
        foreach (var page in _pages.Values)
        {
            await (await page.Value).Page.Context.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }

    /// <summary>Runs a test in a context of its own; paths are those of this hub.</summary>
    /// <param name="email">Who is signed in; null for a visitor.</param>
    public async Task RunAsync(string name, Look look, string? email, Func<TestPage, Task> test) => await browser.RunAsync(name, look, test, await OptionsAsync(email));

    /// <summary>The same for a test that only looks at pages: it goes on in the tab of the others of its look and person, one after the other.</summary>
    public async Task VisitAsync(string name, Look look, string? email, Func<TestPage, Task> test)
    {
        var page = await _pages.GetOrAdd((email, look), _ => new Lazy<Task<TestPage>>(() => OpenAsync(look, email))).Value;
        await page.BeginAsync(name);
        await BrowserFixture.RunAsync(page, test);
    }

    /// <summary>The newest delivery of an endpoint as soon as it has this status.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> WaitForDeliveryAsync(HubTenant tenant, string webhook, string status)
    {
        using var waiter = new SignalWaiter(App.Services.GetRequiredService<HubSignals>(), new HubSignal(HubSignalKind.DeliveriesChanged, tenant.OrganizationId));
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var listed = await tenant.Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries?limit=1");
            if (listed["deliveries"].GetArrayLength() > 0 && listed["deliveries"][0] is var delivery && delivery.GetProperty("status").GetString() == status)
            {
                return delivery.GetProperty("id").GetString()!;
            }

            if (!await waiter.WaitAsync(patience.Token))
            {
                throw new TimeoutException($"No delivery came to be {status}: {listed}");
            }
        }
    }

    private async Task<TestPage> OpenAsync(Look look, string? email) =>
        await BrowserFixture.OpenAsync(await browser.Browser.NewContextAsync(look.Apply(await OptionsAsync(email))), "", look);

    private async Task<BrowserNewContextOptions> OptionsAsync(string? email) => new()
    {
        BaseURL = App.Address.AbsoluteUri,
        StorageState = email is null ? null : await SessionAsync(email),
    };

    private Task<string> SessionAsync(string email) => _sessions.GetOrAdd(email, key => new Lazy<Task<string>>(() => SignInAsync(key))).Value;

    private async Task<string> SignInAsync(string email)
    {
        await using var context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = App.Address.AbsoluteUri });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.SignInAsync(email, HubApp.OwnerPassword);
        await page.ReadyAsync();
        return await context.StorageStateAsync();
    }
}
