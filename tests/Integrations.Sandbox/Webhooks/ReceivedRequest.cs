using System.Text;

namespace Integrations.Sandbox.Webhooks;

/// <param name="Number">1 for the first request of its name; goes on when old ones are dropped.</param>
/// <param name="Answer">The behaviour that this request met, one step of a sequence resolved.</param>
/// <param name="HexValid">Null while the receiver has not been told a secret.</param>
/// <param name="StandardValid">Null while the receiver has not been told a secret.</param>
public sealed record ReceivedRequest(
    long Number,
    DateTimeOffset ReceivedAt,
    string Remote,
    string Method,
    string Path,
    string Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body,
    string Answer,
    bool? HexValid,
    bool? StandardValid)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The header's value, several joined by a comma; null when it was not sent.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToList();
        return values.Count == 0 ? null : string.Join(",", values);
    }

    /// <summary>For a rotation, where a request carries the signatures of two secrets.</summary>
    public bool IsSignedInHexWith(string secret, string header = WebhookSignatures.HexHeader) =>
        WebhookSignatures.IsHexValid(Header(header), Body.Span, secret);

    public bool IsSignedInStandardWith(string secret) =>
        WebhookSignatures.IsStandardValid(Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), Body.Span, secret, ReceivedAt);
}
