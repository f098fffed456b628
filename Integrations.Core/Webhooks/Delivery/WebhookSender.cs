using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Makes one HTTP try: builds, signs and sends the request, and tells how it ended. Never throws for what an endpoint does.</summary>
internal sealed class WebhookSender(WebhookHttp http, TimeProvider time)
{
    private static readonly string _userAgent = "Integrations/" + (typeof(WebhookSender).Assembly.GetName().Version?.ToString(2) ?? "1.0");
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    public async Task<AttemptResult> SendAsync(ClaimedDelivery delivery, EndpointSettings endpoint)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        using var request = Build(delivery, endpoint, startedAt);
        ConnectionTimings timings = new();
        var requestHeaders = ToJson(request.Headers, request.Content!.Headers, endpoint.Headers.Select(header => header.Key));

        using var timeout = new CancellationTokenSource(endpoint.Timeout, time);
        TimeSpan? firstByte = null;
        int? status = null;
        string? responseHeaders = null;
        TimeSpan? retryAfter = null;
        try
        {
            using var response = await http.SendAsync(request, timings, timeout.Token);
            firstByte = time.GetElapsedTime(start);
            status = (int)response.StatusCode;
            responseHeaders = ToJson(response.Headers, response.Content.Headers, hidden: []);
            retryAfter = RetryAfter(response, startedAt);
            var (body, cut) = await ReadBodyAsync(response, timeout.Token);
            var outcome = (int)response.StatusCode switch
            {
                >= 200 and < 300 => AttemptOutcome.Delivered,
                >= 300 and < 400 => AttemptOutcome.Redirected,
                _ => AttemptOutcome.RefusedByStatus,
            };
            return Result(outcome, Describe(outcome, status.Value), body, cut);
        }
        catch (Exception exception) when (Classify(exception, timeout.IsCancellationRequested) is { } failure)
        {
            return Result(failure.Outcome, failure.Error(endpoint), null, cut: false);
        }

        AttemptResult Result(AttemptOutcome outcome, string? error, byte[]? body, bool cut) => new()
        {
            Id = TimeOrderedId.New(startedAt),
            StartedAt = startedAt,
            Outcome = outcome,
            Error = error is { Length: > WebhookAttempt.MaxErrorLength } ? error[..WebhookAttempt.MaxErrorLength] : error,
            RequestHeaders = requestHeaders,
            ResponseStatus = status,
            ResponseHeaders = responseHeaders,
            ResponseBody = body,
            ResponseBodyCut = cut,
            RetryAfter = retryAfter,
            Connection = timings.Result(),
            FirstByte = firstByte,
            Total = time.GetElapsedTime(start),
        };
    }

    private static HttpRequestMessage Build(ClaimedDelivery delivery, EndpointSettings endpoint, DateTimeOffset now)
    {
        var secret = endpoint.Secret ?? throw new InvalidOperationException("An inactive endpoint has no open secret.");
        var name = endpoint.Subscriptions.NameFor(delivery.EventType);
        var body = WebhookBody.Build(delivery.EventPublicId, delivery.EventType, name, delivery.EventTimestamp, delivery.Data);
        var timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = _json } },
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", _userAgent);
        headers.TryAddWithoutValidation(WebhookHeaders.EndpointId, endpoint.PublicId);
        headers.TryAddWithoutValidation(WebhookHeaders.EventName, name);
        headers.TryAddWithoutValidation(WebhookHeaders.Id, delivery.EventPublicId);
        headers.TryAddWithoutValidation(WebhookHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        var standard = WebhookSigner.Standard(secret, delivery.EventPublicId, timestamp, body);
        var hex = WebhookSigner.Hex(secret, body);
        if (endpoint.PreviousSecret is { } previous && endpoint.PreviousSecretExpiresAt > now)
        {
            // During the overlap receivers of the hex header still hold the old secret; Standard Webhooks carries both signatures.
            var old = WebhookSigner.Hex(previous, body);
            AddHex(endpoint.SignatureHeader, old ?? hex);
            AddHex(WebhookHeaders.NextSignature, old is null ? null : hex);
            standard += " " + WebhookSigner.Standard(previous, delivery.EventPublicId, timestamp, body);
        }
        else
        {
            AddHex(endpoint.SignatureHeader, hex);
        }

        headers.TryAddWithoutValidation(WebhookHeaders.Signature, standard);
        foreach (var (header, value) in endpoint.Headers)
        {
            headers.TryAddWithoutValidation(header, value);
        }

        return request;

        // A key pair has none.
        void AddHex(string header, string? signature)
        {
            if (signature is not null)
            {
                headers.TryAddWithoutValidation(header, signature);
            }
        }
    }

    private static async Task<(byte[] Body, bool Cut)> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength == 0)
        {
            return ([], false);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(WebhookAttempt.MaxResponseBody + 1);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            // One byte more than is kept tells whether there was more.
            var read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, WebhookAttempt.MaxResponseBody + 1), WebhookAttempt.MaxResponseBody + 1, throwOnEndOfStream: false, cancellationToken);
            return (buffer.AsSpan(0, Math.Min(read, WebhookAttempt.MaxResponseBody)).ToArray(), read > WebhookAttempt.MaxResponseBody);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > now => date - now,
        _ => null,
    };

    private static string? Describe(AttemptOutcome outcome, int status) => outcome switch
    {
        AttemptOutcome.Delivered => null,
        AttemptOutcome.Redirected => $"The endpoint answered {status}. Redirects are not followed: give the final URL.",
        _ => $"The endpoint answered {status}.",
    };

    private static (AttemptOutcome Outcome, Func<EndpointSettings, string> Error)? Classify(Exception exception, bool timedOut)
    {
        if (timedOut)
        {
            return (AttemptOutcome.TimedOut, endpoint => $"The endpoint did not answer within {endpoint.Timeout.TotalSeconds:0} s.");
        }

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressRefusedException refused:
                    return (AttemptOutcome.AddressRefused, _ => refused.Message);
                case AuthenticationException tls:
                    return (AttemptOutcome.TlsFailed, _ => $"TLS failed: {tls.Message}");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return (AttemptOutcome.NameNotFound, endpoint => $"The host {endpoint.Url.Host} was not found.");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut } socket:
                    return (AttemptOutcome.ConnectFailed, endpoint => $"{endpoint.Url.Authority} did not accept the connection ({socket.SocketErrorCode}).");
            }
        }

        return exception is HttpRequestException or IOException or SocketException
            ? (AttemptOutcome.ConnectionLost, _ => (exception as HttpRequestException)?.HttpRequestError switch
            {
                HttpRequestError.ConfigurationLimitExceeded => "The answer's headers were larger than 32 KiB.",
                HttpRequestError.InvalidResponse => "What the endpoint answered is not HTTP.",
                _ => "The endpoint closed the connection before its answer was complete.",
            })
            : null;
    }

    // The endpoint's own headers may carry credentials, and an attempt is not encrypted: of them only the names are kept.
    private static string ToJson(HttpHeaders first, HttpHeaders second, IEnumerable<string> hidden)
    {
        var names = hidden.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var headers in new[] { first, second })
        {
            foreach (var (name, values) in headers.NonValidated)
            {
                writer.WriteString(name, names.Contains(name) ? WebhookAttempt.HiddenValue : values.ToString());
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
