namespace Integrations.Core.Webhooks.Delivery;

/// <summary>A delivery that this node has taken up, with what its request is built from.</summary>
/// <param name="Data">Null when retention has taken the event.</param>
/// <param name="IsUrgent">Whether a person waits for it: a test, or a retry by hand.</param>
internal sealed record ClaimedDelivery(
    Guid Id,
    Guid OrganizationId,
    Guid EndpointId,
    Guid EventId,
    string EventPublicId,
    string EventType,
    DateTimeOffset EventTimestamp,
    byte[]? Data,
    DeliveryTrigger Trigger,
    int AttemptCount,
    int PlanStep,
    string? OrderingKey,
    bool IsUrgent);
