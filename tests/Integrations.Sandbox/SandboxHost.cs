using System.Net;
using Integrations.Sandbox.Webhooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Integrations.Sandbox;

/// <summary>The sandbox on a port of its own, in this process.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CountOnlyReceiver _counter;

    private SandboxHost(WebApplication app, WebhookReceiver receiver, CountOnlyReceiver counter, Uri address)
    {
        _app = app;
        _counter = counter;
        Receiver = receiver;
        Address = address;
    }

    public Uri Address { get; }

    public WebhookReceiver Receiver { get; }

    /// <summary>Requests answered in count-only mode.</summary>
    public long Counted => _counter.Count;

    public static async Task<SandboxHost> StartAsync(SandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SandboxOptions();

        // The empty builder reads no settings files and no environment, so that the hub's own never reach its counterpart.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                if (options.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate);
                }
            });
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            // A body of one byte a second is one of the answers.
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));

        var app = builder.Build();
        var receiver = new WebhookReceiver(options.Time, options.KeptPerName);
        var counter = new CountOnlyReceiver();
        if (options.CountOnly)
        {
            counter.Map(app);
        }
        else
        {
            app.UseRouting();
            NamesPage.Map(app, receiver);
            app.MapReceiver(receiver);
            app.UseEndpoints(_ => { });
        }

        await app.StartAsync(cancellationToken);
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new SandboxHost(app, receiver, counter, new Uri(bound));
    }

    /// <summary>Where the requests of <paramref name="name"/> go, for an endpoint's URL.</summary>
    public string ReceiveUrl(string name, string? behaviour = null) =>
        new Uri(Address, $"/receive/{Uri.EscapeDataString(name)}").AbsoluteUri + (behaviour is null ? "" : "?behave=" + Uri.EscapeDataString(behaviour));

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
