namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What the dispatcher writes about a delivery after a try.</summary>
/// <param name="Endpoint">The endpoint as it was when the try began.</param>
/// <param name="Attempt">Null when no request was made.</param>
internal sealed record DeliveryOutcome(
    ClaimedDelivery Delivery, EndpointSettings Endpoint, AttemptResult? Attempt, DeliveryStatus Status, int PlanStep, DateTimeOffset? NextAttemptAt, string? Error)
{
    /// <summary>It failed for good, and the endpoint's owner wants the later ones of its key to wait until somebody decides.</summary>
    public bool Blocks => Status == DeliveryStatus.Failed && Delivery.OrderingKey is not null && Endpoint.Order.Mode == OrderingMode.Block;

    /// <summary>Whether the next delivery of the key may go.</summary>
    public bool EndsTurn => Delivery.OrderingKey is not null && !Blocks
        && (Status != DeliveryStatus.Retrying || PlanStep >= Endpoint.Order.SkipAfter);

    /// <summary>Whether it counts towards switching the endpoint off: tests and replays do not.</summary>
    public bool IsCountedFailure => Status == DeliveryStatus.Failed && Delivery.Trigger == DeliveryTrigger.Event;

    /// <summary>The endpoint says that it is gone for good (410).</summary>
    public bool IsGone => Attempt?.ResponseStatus == 410 && Delivery.Trigger != DeliveryTrigger.Test;
}
