using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Integrations.Core.Security;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// The one pooled HTTP client of outgoing webhooks. Every connection is vetted by the address guard and goes to the vetted address; redirects, cookies,
/// proxies and decompression are off, and what comes back is bounded.
/// </summary>
internal sealed class WebhookHttp : IDisposable
{
    // Carries a request's timings to the callbacks that open its connection.
    private static readonly HttpRequestOptionsKey<ConnectionTimings> _timingsKey = new("timings");

    // The newest connection to a host that takes many requests at once, as HTTP/2 does.
    private readonly ConcurrentDictionary<string, TracedStream> _shared = new();
    private readonly AddressGuard _guard;
    private readonly TimeProvider _time;
    private readonly IDisposable? _optionsSubscription;
    private volatile HttpMessageInvoker _client;

    public WebhookHttp(AddressGuard guard, TimeProvider time, IOptionsMonitor<SecurityOptions> security)
    {
        _guard = guard;
        _time = time;
        _client = Create();
        // Open connections were vetted by the old list: a change of it must not leave them in use.
        _optionsSubscription = security.OnChange(_ => _client = Create());
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, ConnectionTimings timings, CancellationToken cancellationToken)
    {
        request.Options.Set(_timingsKey, timings);
        TracedStream.SendFor(timings);
        try
        {
            return await _client.SendAsync(request, cancellationToken);
        }
        finally
        {
            if (timings is { Used: null, IsOpening: false })
            {
                // What goes over a shared connection is written in another flow.
                timings.Used = _shared.GetValueOrDefault(request.RequestUri!.Authority);
            }
        }
    }

    public void Dispose()
    {
        _optionsSubscription?.Dispose();
        _client.Dispose();
    }

    private HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // A pooled connection keeps the address that was vetted when it was opened.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        EnableMultipleHttp2Connections = true,
        ConnectCallback = ConnectAsync,
        PlaintextStreamFilter = OnOpened,
        ActivityHeadersPropagator = null,
    });

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.TryGetValue(_timingsKey, out var timings);
        timings?.IsOpening = true;
        var start = _time.GetTimestamp();
        var addresses = await _guard.VetAsync(context.InitialRequestMessage.RequestUri!, cancellationToken);
        var resolved = _time.GetTimestamp();
        timings?.Dns = _time.GetElapsedTime(start, resolved);
        var socket = await VettedSocket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
        var stream = Trace(socket);
        if (timings is not null)
        {
            timings.ConnectedAt = _time.GetTimestamp();
            timings.Connect = _time.GetElapsedTime(resolved, timings.ConnectedAt);
            timings.Opened = stream;
        }

        return stream;
    }

    // For plain HTTP too: requests go over the connection from here on.
    private ValueTask<Stream> OnOpened(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        var request = context.InitialRequestMessage;
        if (request.Options.TryGetValue(_timingsKey, out var timings) && timings.Opened is { } stream)
        {
            stream.IsOpened = true;
            if (request.RequestUri!.Scheme == Uri.UriSchemeHttps)
            {
                timings.Tls = _time.GetElapsedTime(timings.ConnectedAt);
            }

            if (context.NegotiatedHttpVersion.Major > 1)
            {
                Share(request.RequestUri.Authority, stream);
            }
        }

        return ValueTask.FromResult(context.PlaintextStream);
    }

    private static TracedStream Trace(Socket socket)
    {
        try
        {
            return new TracedStream(socket);
        }
        catch
        {
            // It broke already.
            socket.Dispose();
            throw;
        }
    }

    private void Share(string authority, TracedStream stream)
    {
        _shared[authority] = stream;
        stream.Closed = () => _shared.TryRemove(KeyValuePair.Create(authority, stream));
    }
}
