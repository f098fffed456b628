namespace Integrations.Core.Webhooks;

/// <summary>Why a delivery was not made, in the words that its row carries.</summary>
public static class DeliveryReasons
{
    public const string PublishedWhileOff = "The endpoint was switched off when the event was published. Replay it to have it delivered.";
    public const string SwitchedOff = "The endpoint was switched off or deleted before the delivery was made.";
    public const string EventGone = "The event is no longer kept (Retention:EventDays), so there is nothing to deliver.";
}
