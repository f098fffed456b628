using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks;

/// <summary>What waits for others of its ordering key, of one endpoint or of all.</summary>
internal static class ParkedDeliveries
{
    private const string OrderSql = """SELECT "Ordering", "OrderingSkipAfter" FROM "WebhookEndpoints" WHERE "Id" = $1""";

    private const string KeysSql =
        """
        SELECT DISTINCT "OrderingKey" FROM "WebhookDeliveries"
        WHERE "EndpointId" = $1 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND ("Status" IN (0, 2) OR "IsBlocking")
        """;

    private const string UnblockSql =
        """UPDATE "WebhookDeliveries" SET "IsBlocking" = FALSE WHERE "EndpointId" = $1 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "IsBlocking" """;

    private const string UnparkAllSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = $1
        WHERE "EndpointId" = $2 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL
        """;

    private const string DiscardSql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = 5, "CompletedAt" = $1, "Error" = $2
        WHERE "EndpointId" = $3 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL
        """;

    // The first of each key that nothing holds: it was let down by a hub that was killed between two steps, or by retention.
    private const string ForgottenSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = $1
        WHERE "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL AND "CreatedAt" < $2 AND NOT EXISTS (
          SELECT 1 FROM "WebhookDeliveries" AS other
          WHERE other."EndpointId" = "WebhookDeliveries"."EndpointId" AND other."OrderingKey" = "WebhookDeliveries"."OrderingKey" AND other."Status" <> 3
            AND (other."Status" IN (0, 2) AND (other."NextAttemptAt" IS NOT NULL OR other."Id" < "WebhookDeliveries"."Id")
              OR other."IsBlocking" AND EXISTS (SELECT 1 FROM "WebhookEndpoints" AS e WHERE e."Id" = other."EndpointId" AND e."Ordering" = 1 AND e."DeletedAt" IS NULL)))
        """;

    /// <summary>Fits what waits to the endpoint's order as it is now: without one all may go; with another, the first of each key that nothing of its key is under way for.</summary>
    public static async ValueTask<bool> ReorderAsync(WriteSession session, Guid organizationId, Guid endpointId, DateTimeOffset due)
    {
        var keys = await LockAllAsync(session, endpointId);
        var orders = await session.QueryAsync(OrderSql, bind => bind.Add(endpointId), row => new EndpointOrder(endpointId, (OrderingMode)row.Int32(), row.NullableInt32()));
        await session.ExecuteAsync(UnblockSql, bind => bind.Add(endpointId));
        if (!orders[0].IsOrdered)
        {
            await session.ExecuteAsync(UnparkAllSql, bind => bind.Add(due).Add(endpointId));
        }
        else
        {
            foreach (var key in keys)
            {
                await OrderedKeys.ReleaseAsync(session, orders[0], key, due);
            }
        }

        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
        return true;
    }

    /// <summary>Gives up what waits, because the endpoint was deleted.</summary>
    public static async ValueTask<bool> DiscardAsync(WriteSession session, Guid organizationId, Guid endpointId, DateTimeOffset now)
    {
        await LockAllAsync(session, endpointId);
        await session.ExecuteAsync(DiscardSql, bind => bind.Add(now).Add(DeliveryReasons.SwitchedOff).Add(endpointId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
        return true;
    }

    /// <summary>Lets those go that nobody will let go any more.</summary>
    /// <param name="due">Now, by <see cref="DatabaseClock"/>.</param>
    /// <param name="before">Only what was made before: what is newer may be in the hands of a transaction.</param>
    public static ValueTask<int> ReleaseForgottenAsync(WriteSession session, DateTimeOffset due, DateTimeOffset before) =>
        session.ExecuteAsync(ForgottenSql, bind => bind.Add(due).Add(before));

    private static async ValueTask<List<string>> LockAllAsync(WriteSession session, Guid endpointId)
    {
        var keys = await session.QueryAsync(KeysSql, bind => bind.Add(endpointId), row => row.Text());
        await OrderedKeys.LockAsync(session, keys.Select(key => (endpointId, key)));
        return keys;
    }
}
