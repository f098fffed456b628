using System.Globalization;
using System.Text;

namespace Integrations.Core.Webhooks;

/// <summary>Builds the body of a delivery: <c>{"id","type","event","timestamp","data"}</c>, with <c>data</c> byte for byte as it was published.</summary>
public static class WebhookBody
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <param name="id">The event's public id. Like the names it holds nothing that JSON would have to escape.</param>
    /// <param name="name">The type as the endpoint subscribed to it.</param>
    public static byte[] Build(string id, string type, string name, DateTimeOffset timestamp, ReadOnlySpan<byte> data)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","type":"{{type}}","event":"{{name}}","timestamp":"{{timestamp.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}}","data":""");
        var body = new byte[Encoding.UTF8.GetByteCount(head) + data.Length + 1];
        var length = Encoding.UTF8.GetBytes(head, body);
        data.CopyTo(body.AsSpan(length));
        body[^1] = (byte)'}';
        return body;
    }
}
