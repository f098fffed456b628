using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Integrations.Core.Webhooks;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Posts the same signed body to the same sink with the same number in flight, and keeps nothing: what no delivery can be faster than.</summary>
internal static class BareLoop
{
    public static async Task<double> RunAsync(string address, byte[] data, int count, int inFlight)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        var secret = WebhookSecret.New();
        var json = new MediaTypeHeaderValue("application/json");
        var left = count;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async worker =>
        {
            await Task.Yield();
            var url = new Uri($"{address}/receive/{worker % DeliveryBenchmark.Endpoints}");
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var now = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000);
                var body = WebhookBody.Build("evt_01jd0000000000000000000000", "custom.benchmark", "custom.benchmark", now, data);
                using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = json } } };
                request.Headers.TryAddWithoutValidation("webhook-id", "evt_01jd0000000000000000000000");
                request.Headers.TryAddWithoutValidation("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
                request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSigner.Standard(secret, "evt_01jd0000000000000000000000", now.ToUnixTimeSeconds(), body));
                request.Headers.TryAddWithoutValidation("X-Webhook-Signature", WebhookSigner.Hex(secret, body));
                using var response = await client.SendAsync(request, CancellationToken.None);
                await response.Content.CopyToAsync(Stream.Null);
            }
        }));
        return count / watch.Elapsed.TotalSeconds;
    }
}
