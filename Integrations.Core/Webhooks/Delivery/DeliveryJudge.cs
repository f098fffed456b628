using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What becomes of a delivery after a try.</summary>
internal static class DeliveryJudge
{
    private const int Gone = 410;

    /// <param name="now">By <see cref="DatabaseClock"/>.</param>
    public static DeliveryOutcome Judge(ClaimedDelivery delivery, EndpointSettings endpoint, AttemptResult attempt, DateTimeOffset now)
    {
        var step = delivery.PlanStep + 1;
        if (attempt.Outcome == AttemptOutcome.Delivered)
        {
            return new DeliveryOutcome(delivery, endpoint, attempt, DeliveryStatus.Delivered, step, null, null);
        }

        var delay = delivery.Trigger == DeliveryTrigger.Test || attempt.ResponseStatus == Gone
            ? null
            : RetryPlan.NextDelay(endpoint.RetryDelays, step, attempt.RetryAfter, Random.Shared.NextDouble());
        return delay is { } wait
            ? new DeliveryOutcome(delivery, endpoint, attempt, DeliveryStatus.Retrying, step, now + wait, attempt.Error)
            : new DeliveryOutcome(delivery, endpoint, attempt, DeliveryStatus.Failed, step, null, attempt.Error);
    }
}
