using Integrations.Sandbox.Providers;
using Integrations.Sandbox.Webhooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Integrations.Sandbox;

/// <summary>The sandbox on a port of its own, in this process.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CountOnlyReceiver _counter;
    private readonly ProviderCatalogue _catalogue;

    private SandboxHost(WebApplication app, WebhookReceiver receiver, CountOnlyReceiver counter, ProviderCatalogue catalogue, Uri address)
    {
        _app = app;
        _counter = counter;
        _catalogue = catalogue;
        Receiver = receiver;
        Address = address;
        HubSettings = catalogue.HubSettings(address);
    }

    public Uri Address { get; }

    public WebhookReceiver Receiver { get; }

    /// <summary>Requests answered in count-only mode.</summary>
    public long Counted => _counter.Count;

    /// <summary>Settings with which a hub takes the sandbox for the real providers: their addresses, and OAuth clients.</summary>
    public IReadOnlyDictionary<string, string?> HubSettings { get; }

    /// <summary>The keys of the providers that are spoken; Zapier, Make, n8n and custom webhooks are the receiver's.</summary>
    public IReadOnlyList<string> Providers => [.. _catalogue.All.Select(provider => provider.Key)];

    /// <summary>What the providers were sent that the real ones would have refused, by provider.</summary>
    public IReadOnlyList<Violation> Violations => [.. _catalogue.All.SelectMany(provider => provider.Control.Violations)];

    public static async Task<SandboxHost> StartAsync(SandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SandboxOptions();

        var app = SandboxServer.Build(options);
        var receiver = new WebhookReceiver(options.Time, options.KeptPerName);
        var counter = new CountOnlyReceiver();
        var catalogue = new ProviderCatalogue(options.Time);
        if (options.CountOnly)
        {
            counter.Map(app);
        }
        else
        {
            app.UseRouting();
            app.UseProviderFaults(catalogue, options.Time);
            RootPage.Map(app, receiver, catalogue);
            // Browsers ask for it wherever a page names no icon.
            app.MapGet("/favicon.ico", () => Results.NoContent());
            app.MapReceiver(receiver);
            app.MapControl(catalogue);
            app.MapProviders(catalogue);
            app.UseEndpoints(_ => { });
        }

        await app.StartAsync(cancellationToken);
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        catalogue.Listens(new Uri(bound), options.Report);
        return new SandboxHost(app, receiver, counter, catalogue, new Uri(bound));
    }

    /// <summary>Where the requests of <paramref name="name"/> go, for an endpoint's URL.</summary>
    public string ReceiveUrl(string name, string? behaviour = null) =>
        new Uri(Address, $"/receive/{Uri.EscapeDataString(name)}").AbsoluteUri + (behaviour is null ? "" : "?behave=" + Uri.EscapeDataString(behaviour));

    /// <exception cref="ArgumentException">The sandbox speaks no such provider.</exception>
    public ProviderControl Provider(string key) => _catalogue.All.FirstOrDefault(provider => provider.Key == key)?.Control
        ?? throw new ArgumentException($"The sandbox does not speak {key}; it speaks {string.Join(", ", Providers)}.", nameof(key));

    /// <exception cref="InvalidOperationException">A provider was sent something that the real one would have refused; the message lists all of it.</exception>
    public void AssertNoViolations()
    {
        if (Violations is { Count: > 0 } violations)
        {
            throw new InvalidOperationException($"The real providers would have refused:\n{string.Join('\n', violations)}");
        }
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
