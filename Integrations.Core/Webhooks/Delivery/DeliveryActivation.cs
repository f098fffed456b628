using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Puts deliveries that had ended back into the queue: the one place that decides when such a delivery is due.</summary>
internal static class DeliveryActivation
{
    // What is under way or waits already goes without our doing, and is left alone.
    private const string ActivateSql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = $1, "Trigger" = $2, "ReplayId" = $3, "PlanStep" = 0, "NextAttemptAt" = $4, "CompletedAt" = NULL, "Error" = NULL, "IsBlocking" = ($5 = 1)
        WHERE "Id" = $6 AND "OrganizationId" = $7 AND "LeaseOwner" IS NULL AND "NextAttemptAt" IS NULL AND "Status" IN (3, 4, 5)
        """;

    /// <summary>Sends deliveries again for a replay: the same rows, whose tries so far stay.</summary>
    /// <param name="due">When the first try is due, by <see cref="DatabaseClock"/>.</param>
    public static async ValueTask ActivateAsync(WriteSession session, Guid organizationId, Guid replayId, IReadOnlyList<Guid> deliveries, DateTimeOffset due)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        await session.ExecuteManyAsync(ActivateSql, deliveries, (bind, id) => bind
            .Add((long)DeliveryStatus.Pending).Add((long)DeliveryTrigger.Replay).Add(replayId).Add(due).Add(0L).Add(id).Add(organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
    }
}
