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

    // "Status <> 3" says nothing new, but with it both databases take the index.
    private const string HoldsSql =
        """
        SELECT "Id" FROM "WebhookDeliveries" WHERE "EndpointId" = $1 AND "OrderingKey" = $2 AND "Status" <> 3
          AND ("Status" IN (0, 2) AND ("NextAttemptAt" IS NULL OR "PlanStep" < $3) OR "IsBlocking" AND $4 = 1) ORDER BY "Id" DESC LIMIT 1
        """;

    // The next one goes unless something of the key is under way or blocks.
    private const string ReleaseSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = $1 WHERE "Status" IN (0, 2) AND "NextAttemptAt" IS NULL AND "Id" = (
          SELECT "Id" FROM "WebhookDeliveries" WHERE "EndpointId" = $2 AND "OrderingKey" = $3 AND "Status" <> 3 AND "Status" IN (0, 2) AND "NextAttemptAt" IS NULL
          ORDER BY "Id" LIMIT 1)
        AND NOT EXISTS (
          SELECT 1 FROM "WebhookDeliveries" WHERE "EndpointId" = $2 AND "OrderingKey" = $3 AND "Status" <> 3
            AND ("NextAttemptAt" IS NOT NULL AND "PlanStep" < $4 OR "IsBlocking" AND $5 = 1))
        """;

    /// <summary>Takes the locks of keys. Once in a transaction.</summary>
    public static ValueTask LockAsync(WriteSession session, IEnumerable<(Guid EndpointId, string Key)> keys) =>
        session.LockAsync([.. keys.Distinct().Select(key => $"{key.EndpointId:N}/{key.Key}")]);

    /// <summary>What holds a new delivery of the key back: the last one before it that is not done; null when nothing does. Its lock must be held.</summary>
    public static async ValueTask<Guid?> HolderAsync(WriteSession session, EndpointOrder order, string key)
    {
        var holders = await session.QueryAsync(
            HoldsSql, bind => bind.Add(order.EndpointId).Add(key).Add(order.SkipAfter).Add(order.Mode == OrderingMode.Block ? 1L : 0L), row => row.Guid());
        return holders.Count == 0 ? null : holders[0];
    }

    /// <summary>Makes the key's next delivery due, if nothing holds it back any more. Its lock must be held.</summary>
    public static async ValueTask ReleaseAsync(WriteSession session, EndpointOrder order, string key, DateTimeOffset due) =>
        await session.ExecuteAsync(
            ReleaseSql, bind => bind.Add(due).Add(order.EndpointId).Add(key).Add(order.SkipAfter).Add(order.Mode == OrderingMode.Block ? 1L : 0L));
}
