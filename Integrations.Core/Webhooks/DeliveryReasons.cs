namespace Integrations.Core.Webhooks;

/// <summary>Why a delivery was not made, in the words that its row carries.</summary>
public static class DeliveryReasons
{
    public const string PublishedWhileOff = "The endpoint was switched off when the event was published. Replay it to have it delivered.";
    public const string SwitchedOff = "The endpoint was switched off or deleted before the delivery was made.";
    public const string EventGone = "The event is no longer kept (Retention:EventDays), so there is nothing to deliver.";

    /// <summary>Whether a delivery that was discarded for this reason was kept for an endpoint that was off. Those that were skipped, or whose replay was cancelled, were discarded on purpose.</summary>
    public static bool IsKept(string? reason) => reason is PublishedWhileOff or SwitchedOff;

    /// <summary>Those of which <see cref="IsKept"/> is true, found by the index of deliveries that did not arrive.</summary>
    internal static IQueryable<WebhookDelivery> WhereKept(this IQueryable<WebhookDelivery> deliveries) => deliveries
        // "Not delivered" says nothing new, but only with it SQLite takes that index.
        .Where(delivery => delivery.Status != DeliveryStatus.Delivered && delivery.Status == DeliveryStatus.Discarded && (delivery.Error == PublishedWhileOff || delivery.Error == SwitchedOff));
}
