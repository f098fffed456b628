namespace Integrations.Core.Webhooks.Delivery;

/// <summary>An endpoint as the dispatcher needs it, its secrets opened.</summary>
/// <param name="Fault">Why its secrets could not be opened; then nothing can be sent to it.</param>
internal sealed record EndpointSettings(
    Guid Id,
    Guid OrganizationId,
    string PublicId,
    Uri Url,
    bool IsActive,
    Subscriptions Subscriptions,
    WebhookSecret? Secret,
    WebhookSecret? PreviousSecret,
    DateTimeOffset? PreviousSecretExpiresAt,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string SignatureHeader,
    TimeSpan Timeout,
    IReadOnlyList<int> RetryDelays,
    int? MaxInFlight,
    string? Fault = null)
{
    /// <summary>Whether a delivery may be sent: tests go to endpoints that are switched off too, nothing goes to deleted ones.</summary>
    public bool CanTake(DeliveryTrigger trigger) => Secret is not null && (IsActive || trigger == DeliveryTrigger.Test);
}
