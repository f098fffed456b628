using Integrations.Core.Webhooks;

namespace Integrations.Web.Help;

/// <summary>The headers of a delivery, in words for its receiver.</summary>
internal static class DeliveryHeaders
{
    /// <param name="signatureHeader">The endpoint's name for the header with the hex signature.</param>
    public static IReadOnlyList<(string Name, string Text)> All(string signatureHeader = WebhookOptions.DefaultSignatureHeader) =>
    [
        .. Standard("The signature of Standard Webhooks: v1, and a base64 HMAC-SHA256 of id.timestamp.body. While a secret is being changed there are two, with a space between."),
        (signatureHeader, "The hex HMAC-SHA256 of the body alone; the key is the whole text of the secret."),
        (WebhookHeaders.NextSignature, "The same by the new secret. It is there only while one secret takes the place of another."),
        .. Names,
    ];

    /// <summary>Those of an endpoint that signs by a key pair.</summary>
    public static IReadOnlyList<(string Name, string Text)> OfKeyPair { get; } =
    [
        .. Standard("The signature of Standard Webhooks: v1a, and a base64 Ed25519 signature of id.timestamp.body. While the key is being changed there are two, with a space between."),
        .. Names,
    ];

    private static (string Name, string Text)[] Names =>
    [
        (WebhookHeaders.EventName, "The event type, as the endpoint subscribed to it."),
        (WebhookHeaders.EndpointId, "The id of the webhook endpoint."),
    ];

    private static (string Name, string Text)[] Standard(string signature) =>
    [
        (WebhookHeaders.Id, "The id of the event, the same in every try and in a replay, so that a repeated delivery can be recognized."),
        (WebhookHeaders.Timestamp, "When this try was signed, in seconds since 1970. Refuse what is older than five minutes."),
        (WebhookHeaders.Signature, signature),
    ];
}
