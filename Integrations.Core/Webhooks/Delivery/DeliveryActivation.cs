using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Puts deliveries that had ended back into the queue: the one place that decides when such a delivery is due.</summary>
internal static class DeliveryActivation
{
    // What is under way or waits already goes without our doing, and is left alone. One with a key is parked at first; its key decides when it goes.
    private const string ActivateSql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = $1, "Trigger" = $2, "ReplayId" = $3, "PlanStep" = 0, "CompletedAt" = NULL, "Error" = NULL, "IsBlocking" = FALSE,
          "NextAttemptAt" = CASE WHEN "OrderingKey" IS NOT NULL AND $4 = 1 THEN NULL ELSE CAST($5 AS bigint) END
        WHERE "Id" = $6 AND "OrganizationId" = $7 AND "NextAttemptAt" IS NULL AND "Status" IN (3, 4, 5)
        """;

    /// <summary>Sends deliveries again for a replay: the same rows, whose tries so far stay.</summary>
    /// <param name="deliveries">Their ids and ordering keys.</param>
    /// <param name="due">When the first try is due, by <see cref="DatabaseClock"/>.</param>
    public static async ValueTask ActivateAsync(
        WriteSession session, Guid organizationId, Guid replayId, EndpointOrder order, IReadOnlyList<(Guid Id, string? OrderingKey)> deliveries, DateTimeOffset due)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        var keys = order.KeysOf(deliveries.Select(delivery => delivery.OrderingKey));
        await OrderedKeys.LockAsync(session, keys.Select(key => (order.EndpointId, key)));
        await session.ExecuteManyAsync(ActivateSql, deliveries, (bind, delivery) => bind
            .Add((long)DeliveryStatus.Pending).Add((long)DeliveryTrigger.Replay).Add(replayId).Add(order.IsOrdered ? 1L : 0L).Add(due).Add(delivery.Id).Add(organizationId));
        foreach (var key in keys)
        {
            await OrderedKeys.ReleaseAsync(session, order, key, due);
        }

        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
    }
}
