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
    private readonly ConcurrentDictionary<(string? Email, Look Look), Lazy<Task<IBrowserContext>>> _contexts = [];
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
        foreach (var context in _contexts.Values)
        {
            await (await context.Value).DisposeAsync();
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

    /// <summary>The same for a test that only looks at pages: it shares its context with the others of its look and person.</summary>
    public async Task VisitAsync(string name, Look look, string? email, Func<TestPage, Task> test) => await BrowserFixture.RunAsync(
        await _contexts.GetOrAdd((email, look), _ => new Lazy<Task<IBrowserContext>>(
            async () => await browser.Browser.NewContextAsync(look.Apply(await OptionsAsync(email))))).Value,
        name, look, test);

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
