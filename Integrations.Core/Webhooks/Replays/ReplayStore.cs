using System.Text.Json;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>
/// Begins, pauses, resumes and cancels replays in the database, each in one transaction that no step of the runner comes between. What is to be noted of it is written
/// in the same transaction.
/// </summary>
internal sealed class ReplayStore(IGroupWriter writer, DeliveriesUnderWay underWay, DatabaseClock clock, TimeProvider time)
{
    private const string Cancelled = "The replay was cancelled.";

    // Changes nothing, but holds the endpoint's row: of two that begin a replay at once, the second sees the first one's.
    private const string LockEndpointSql = """UPDATE "WebhookEndpoints" SET "UpdatedAt" = "UpdatedAt" WHERE "Id" = $1 AND "OrganizationId" = $2""";

    private const string UnendedSql = """SELECT "Id" FROM "WebhookReplays" WHERE "EndpointId" = $1 AND "Status" IN (0, 1) LIMIT 1""";

    private const string InsertSql =
        """
        INSERT INTO "WebhookReplays" ("Id", "OrganizationId", "EndpointId", "From", "To", "Target", "EventTypes", "RatePerSecond", "Status", "Total", "Queued",
          "Cursor", "CreatedBy", "CreatedAt", "CompletedAt")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14)
        """;

    private const string ChangeSql =
        """
        UPDATE "WebhookReplays" SET "Status" = $1, "CompletedAt" = $2, "LeaseOwner" = NULL, "LeaseEnd" = NULL
        WHERE "Id" = $3 AND "OrganizationId" = $4 AND "Status" IN ($5, $6)
        """;

    private const string NotTriedSql = """SELECT "Id", "OrderingKey" FROM "WebhookDeliveries" WHERE "ReplayId" = $1 AND "Status" = 0""";

    // What was delivered or failed before is that again; what was never tried is discarded. One that blocked its key blocks it again.
    private const string DiscardSql =
        """
        UPDATE "WebhookDeliveries" SET "NextAttemptAt" = NULL, "CompletedAt" = $1, "Error" = $2,
          "Status" = CASE WHEN "AttemptCount" = 0 THEN 5 WHEN "ResponseStatus" BETWEEN 200 AND 299 THEN 3 ELSE 4 END,
          "IsBlocking" = ($3 = 1 AND "OrderingKey" IS NOT NULL AND "AttemptCount" > 0 AND ("ResponseStatus" IS NULL OR "ResponseStatus" NOT BETWEEN 200 AND 299))
        WHERE "Id" = $4 AND "ReplayId" = $5 AND "Status" = 0
        """;

    private const string OrderSql =
        """
        SELECT e."Id", e."Ordering", e."OrderingSkipAfter" FROM "WebhookReplays" r JOIN "WebhookEndpoints" e ON e."Id" = r."EndpointId" WHERE r."Id" = $1
        """;

    /// <returns>The endpoint's replay that has not ended, when there is one: then nothing was stored.</returns>
    public Task<Guid?> AddAsync(WebhookReplay replay, Func<WriteSession, ValueTask> note, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(LockEndpointSql, bind => bind.Add(replay.EndpointId).Add(replay.OrganizationId));
            var unended = await session.QueryAsync(UnendedSql, bind => bind.Add(replay.EndpointId), row => row.Guid());
            if (unended.Count > 0)
            {
                return unended[0];
            }

            await session.ExecuteAsync(InsertSql, bind => bind
                .Add(replay.Id).Add(replay.OrganizationId).Add(replay.EndpointId).Add(replay.From).Add(replay.To).Add((long)replay.Target)
                .Add(JsonSerializer.Serialize(replay.EventTypes)).Add((long?)replay.RatePerSecond).Add((long)replay.Status).Add((long)replay.Total).Add(replay.Cursor)
                .Add(replay.CreatedBy).Add(replay.CreatedAt).Add(replay.CompletedAt));
            await note(session);
            session.SignalAfterCommit(new HubSignal(HubSignalKind.ReplaysChanged, replay.OrganizationId));
            return (Guid?)null;
        },
        cancellationToken);

    /// <returns>Whether it was running.</returns>
    public Task<bool> PauseAsync(Guid organizationId, Guid id, Func<WriteSession, ValueTask> note, CancellationToken cancellationToken) => writer.WriteAsync(
        session => ChangeAsync(session, organizationId, id, note, ReplayStatus.Paused, ReplayStatus.Running), cancellationToken);

    /// <summary>Lets a replay go on.</summary>
    /// <returns>Whether it was paused.</returns>
    public Task<bool> ResumeAsync(Guid organizationId, Guid id, Func<WriteSession, ValueTask> note, CancellationToken cancellationToken) => writer.WriteAsync(
        session => ChangeAsync(session, organizationId, id, note, ReplayStatus.Running, ReplayStatus.Paused), cancellationToken);

    /// <summary>Ends a replay. Of its deliveries, those that were not tried yet are discarded.</summary>
    /// <returns>Whether it had not ended.</returns>
    public Task<bool> CancelAsync(Guid organizationId, Guid id, Func<WriteSession, ValueTask> note, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            if (!await ChangeAsync(session, organizationId, id, note, ReplayStatus.Cancelled, ReplayStatus.Running, ReplayStatus.Paused))
            {
                return false;
            }

            var order = await OrderAsync(session, id);
            var waiting = await session.QueryAsync(NotTriedSql, bind => bind.Add(id), row => (Id: row.Guid(), OrderingKey: row.NullableText()));
            var keys = waiting.Select(delivery => delivery.OrderingKey).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            await OrderedKeys.LockAsync(session, keys.Select(key => (order.EndpointId, key)));
            // A try that is under way tells what becomes of its delivery.
            var ended = time.GetUtcNow();
            await session.ExecuteManyAsync(DiscardSql, waiting.FindAll(delivery => !underWay.Contains(delivery.Id)), (bind, delivery) => bind
                .Add(ended).Add(Cancelled).Add(order.Mode == OrderingMode.Block ? 1L : 0L).Add(delivery.Id).Add(id));
            foreach (var key in keys)
            {
                await OrderedKeys.ReleaseAsync(session, order, key, clock.UtcNow);
            }

            session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesWithdrawn, organizationId));
            session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
            return true;
        },
        cancellationToken);

    private static async ValueTask<EndpointOrder> OrderAsync(WriteSession session, Guid id) => (await session.QueryAsync(
        OrderSql, bind => bind.Add(id), row => new EndpointOrder(row.Guid(), (OrderingMode)row.Int32(), row.NullableInt32())))[0];

    private async ValueTask<bool> ChangeAsync(
        WriteSession session, Guid organizationId, Guid id, Func<WriteSession, ValueTask> note, ReplayStatus to, ReplayStatus from, ReplayStatus? orFrom = null)
    {
        var ended = to == ReplayStatus.Cancelled ? time.GetUtcNow() : (DateTimeOffset?)null;
        var changed = await session.ExecuteAsync(
            ChangeSql, bind => bind.Add((long)to).Add(ended).Add(id).Add(organizationId).Add((long)from).Add((long)(orFrom ?? from)));
        if (changed == 0)
        {
            return false;
        }

        await note(session);
        session.SignalAfterCommit(new HubSignal(HubSignalKind.ReplaysChanged, organizationId));
        return true;
    }
}
