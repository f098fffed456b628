using System.Net.Http.Headers;
using System.Text;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>Events as the REST API takes them.</summary>
internal static class EventContent
{
    private static readonly string _data = Encoding.UTF8.GetString(DeliveryBenchmark.Data);

    public static ByteArrayContent One(string type) => Json(Event(type));

    public static ByteArrayContent Hundred(Func<int, string> type) => Json($"[{string.Join(',', Enumerable.Range(0, 100).Select(i => Event(type(i))))}]");

    private static string Event(string type) => $"{{\"event\":\"{type}\",\"data\":{_data}}}";

    private static ByteArrayContent Json(string text) => new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
