using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Integrations.Core.Security;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Providers;

/// <summary>
/// The one pooled HTTP client towards providers. Hosts that connectors and the configuration name are trusted; every other one, such as an instance URL out of
/// a connection's data, is vetted by the address guard at each connection. Redirects are never followed, and what comes back is bounded.
/// </summary>
internal sealed class ProviderHttp : IDisposable
{
    public const int MaxBytes = 32 * 1024 * 1024;
    public const int MaxTokenBytes = 64 * 1024;

    /// <summary>How long one try may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly AddressGuard _guard;
    private readonly ProviderDirectory _directory;
    private readonly TimeProvider _time;
    private readonly IDisposable? _optionsSubscription;
    private volatile HttpMessageInvoker _client;

    public ProviderHttp(AddressGuard guard, ProviderDirectory directory, TimeProvider time, IOptionsMonitor<SecurityOptions> security)
    {
        _guard = guard;
        _directory = directory;
        _time = time;
        _client = Create();
        // Open connections were vetted by the old list: a change of it must not leave them in use.
        _optionsSubscription = security.OnChange(_ => _client = Create());
    }

    /// <exception cref="ProviderFault">No answer came: the provider cannot be reached, was too slow, or sent too much; or the address may not be called.</exception>
    public async Task<ProviderAnswer> SendAsync(string provider, HttpRequestMessage request, int maxBytes, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, either.Token);
            var body = await ReadAsync(provider, response, maxBytes, either.Token);
            return new ProviderAnswer(provider, response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, body);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProviderFault(ProviderFaultKind.Unavailable, $"{provider} did not answer within {Timeout.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (Refused(exception) is { } refused)
        {
            throw new ProviderFault(ProviderFaultKind.Refused, refused.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw new ProviderFault(ProviderFaultKind.Unavailable, $"{provider} could not be reached: {Innermost(exception).Message}", cause: exception);
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
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
        MaxResponseHeadersLength = 64,
        // A pooled connection keeps the address that was vetted when it was opened.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,
        ConnectCallback = ConnectAsync,
        ActivityHeadersPropagator = null,
    });

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        var addresses = _directory.IsTrusted(url) ? await Dns.GetHostAddressesAsync(url.IdnHost, cancellationToken) : await _guard.VetAsync(url, cancellationToken);
        return new NetworkStream(await VettedSocket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true);
    }

    // Decompression happens below, so the bound holds for what unpacks too.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string provider, HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        // Pages of a sync are large and many: they are put together in memory that is used again.
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var length = 0;
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length > maxBytes)
                {
                    throw new ProviderFault(ProviderFaultKind.Refused, $"{provider} answered with more than {maxBytes / 1024:N0} KiB.", response.StatusCode);
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static AddressRefusedException? Refused(Exception? exception) => exception switch
    {
        null => null,
        AddressRefusedException refused => refused,
        _ => Refused(exception.InnerException),
    };

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
