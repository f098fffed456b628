using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks;

/// <summary>
/// One at a time for each ordering key of an endpoint. Of a key's deliveries only the first is due; the later ones are parked (no next try) and the end of the
/// one before makes the next one due. Whoever decides about a key takes its lock first.
/// </summary>
internal static class OrderedKeys
{
    /// <summary>A threshold that no delivery reaches: with <see cref="OrderingMode.Block"/> a failed try never lets the next one go.</summary>
    public const long Never = int.MaxValue;

    private const string HoldsSql =
        """
        SELECT 1 FROM "WebhookDeliveries" WHERE "EndpointId" = $1 AND "OrderingKey" = $2 AND "Status" <> 3
          AND ("Status" IN (0, 2) AND "PlanStep" < $3 OR "IsBlocking") LIMIT 1
        """;

    // The next one goes unless something of the key is under way or blocks; "Status <> 3" says nothing new, but with it both databases take the index.
    private const string ReleaseSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = $1 WHERE "Id" = (
          SELECT "Id" FROM "WebhookDeliveries" WHERE "EndpointId" = $2 AND "OrderingKey" = $3 AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL
          ORDER BY "Id" LIMIT 1)
        AND NOT EXISTS (
          SELECT 1 FROM "WebhookDeliveries" WHERE "EndpointId" = $2 AND "OrderingKey" = $3 AND "Status" <> 3
            AND ("NextAttemptAt" IS NOT NULL AND "PlanStep" < $4 OR "IsBlocking"))
        """;

    private const string UnblockSql =
        """UPDATE "WebhookDeliveries" SET "IsBlocking" = FALSE WHERE "EndpointId" = $1 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "IsBlocking" """;

    private const string UnparkAllSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = $1
        WHERE "EndpointId" = $2 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL
        """;

    private const string UnparkFirstSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = $1
        WHERE "EndpointId" = $2 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL AND NOT EXISTS (
          SELECT 1 FROM "WebhookDeliveries" AS other
          WHERE other."EndpointId" = $2 AND other."OrderingKey" = "WebhookDeliveries"."OrderingKey" AND other."Status" <> 3
            AND (other."IsBlocking" OR other."Status" IN (0, 2) AND (other."NextAttemptAt" IS NOT NULL OR other."Id" < "WebhookDeliveries"."Id")))
        """;

    private const string DiscardSql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = 5, "CompletedAt" = $1, "Error" = $2
        WHERE "EndpointId" = $3 AND "OrderingKey" IS NOT NULL AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL
        """;

    /// <summary>Takes the locks of keys, in an order that all callers share, so that none waits for another in a circle.</summary>
    public static async ValueTask LockAsync(WriteSession session, IEnumerable<(Guid EndpointId, string Key)> keys)
    {
        foreach (var name in keys.Distinct().Select(key => $"{key.EndpointId:N}/{key.Key}").Order(StringComparer.Ordinal))
        {
            await session.LockAsync(name);
        }
    }

    /// <summary>Whether something before holds a new delivery of the key back. Its lock must be held.</summary>
    /// <param name="skipAfter">Failed tries after which a delivery holds nothing back any more, or <see cref="Never"/>.</param>
    public static async ValueTask<bool> IsHeldAsync(WriteSession session, Guid endpointId, string key, long skipAfter) =>
        (await session.QueryAsync(HoldsSql, bind => bind.Add(endpointId).Add(key).Add(skipAfter), row => row.Int32())).Count > 0;

    /// <summary>Makes the key's next delivery due, if nothing holds it back any more. Its lock must be held.</summary>
    public static async ValueTask ReleaseAsync(WriteSession session, Guid endpointId, string key, long skipAfter, DateTimeOffset due) =>
        await session.ExecuteAsync(ReleaseSql, bind => bind.Add(due).Add(endpointId).Add(key).Add(skipAfter));

    /// <summary>Makes the first of each key due that nothing holds back, after some were given up.</summary>
    public static async ValueTask ReleaseAllAsync(WriteSession session, Guid endpointId, DateTimeOffset due) =>
        await session.ExecuteAsync(UnparkFirstSql, bind => bind.Add(due).Add(endpointId));

    /// <summary>Fits what waits to a new order: without one all may go; with another, the first of each key that nothing of its key is under way for.</summary>
    public static async ValueTask<bool> ReorderAsync(WriteSession session, Guid organizationId, Guid endpointId, OrderingMode mode, DateTimeOffset due)
    {
        await session.ExecuteAsync(UnblockSql, bind => bind.Add(endpointId));
        await session.ExecuteAsync(mode == OrderingMode.None ? UnparkAllSql : UnparkFirstSql, bind => bind.Add(due).Add(endpointId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
        return true;
    }

    /// <summary>Gives up what waits for others of its key, because the endpoint was deleted.</summary>
    public static async ValueTask<bool> DiscardParkedAsync(WriteSession session, Guid organizationId, Guid endpointId, DateTimeOffset now)
    {
        await session.ExecuteAsync(DiscardSql, bind => bind.Add(now).Add(DeliveryReasons.SwitchedOff).Add(endpointId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
        return true;
    }
}
