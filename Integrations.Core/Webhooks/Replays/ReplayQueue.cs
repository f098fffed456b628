using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Core.Webhooks.Filters;
using Microsoft.Extensions.Logging.Abstractions;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>A replay that this node works on.</summary>
internal sealed record HeldReplay(Guid Id, Guid OrganizationId, int? RatePerSecond);

/// <summary>What a step of a replay came to.</summary>
internal enum StepOutcome
{
    /// <summary>It was paused, cancelled or taken by another node meanwhile.</summary>
    NotOurs,

    /// <summary>There is more to do at once.</summary>
    More,

    /// <summary>Its deliveries have to be sent before there is more to do.</summary>
    Waits,

    Completed,

    /// <summary>The endpoint is switched off.</summary>
    EndpointOff,

    EndpointDeleted,
}

/// <param name="Queued">Deliveries put into the queue by the step.</param>
internal readonly record struct ReplayStep(StepOutcome Outcome, int Queued = 0);

/// <summary>The replays in the database: who works on which, and moving one on in a transaction, so that a kill neither skips nor repeats a delivery.</summary>
internal sealed class ReplayQueue(IGroupWriter writer, DatabaseClock clock, TimeProvider time)
{
    /// <summary>Deliveries of a replay that may wait in the queue at once, so that new events are not buried under old ones.</summary>
    public const int MaxWaiting = 1_000;

    /// <summary>Deliveries put into the queue in one transaction at most.</summary>
    public const int MaxLot = 200;

    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(30);

    private const string RunningSql = """SELECT "Id", "OrganizationId", "RatePerSecond", "LeaseOwner", "LeaseEnd" FROM "WebhookReplays" WHERE "Status" = 0 ORDER BY "Id" """;

    private const string TakeSql =
        """
        UPDATE "WebhookReplays" SET "LeaseOwner" = $1, "LeaseEnd" = $2 WHERE "Id" IN (
          SELECT "Id" FROM "WebhookReplays" WHERE "Status" = 0 AND ("LeaseOwner" IS NULL OR "LeaseOwner" = $1 OR "LeaseEnd" < $3)
        """;

    // Locks the replay's row until the end of the transaction: whoever pauses or cancels it comes before the step or after it.
    private const string HoldSql = """UPDATE "WebhookReplays" SET "LeaseEnd" = $1 WHERE "Id" = $2 AND "Status" = 0 AND "LeaseOwner" = $3""";

    private const string LoadSql =
        """
        SELECT r."OrganizationId", r."EndpointId", r."To", r."Target", r."EventTypes", r."Cursor", r."Queued",
          e."Events", e."Filter", e."Ordering", e."OrderingSkipAfter", CASE WHEN e."IsActive" THEN 1 ELSE 0 END, CASE WHEN e."DeletedAt" IS NULL THEN 0 ELSE 1 END
        FROM "WebhookReplays" r JOIN "WebhookEndpoints" e ON e."Id" = r."EndpointId" WHERE r."Id" = $1
        """;

    private const string WaitingSql = """SELECT COUNT(*) FROM "WebhookDeliveries" WHERE "ReplayId" = $1 AND "Status" IN (0, 2)""";

    private const string LetDownSql = """SELECT "Id", "OrderingKey" FROM "WebhookDeliveries" WHERE "ReplayId" = $1 AND "Status" = 5 AND "Error" = $2 ORDER BY "Id" LIMIT $3""";

    private const string MoveSql = """UPDATE "WebhookReplays" SET "Cursor" = $1, "Queued" = $2 WHERE "Id" = $3""";

    private const string CompleteSql = """UPDATE "WebhookReplays" SET "Status" = 2, "CompletedAt" = $1, "LeaseOwner" = NULL, "LeaseEnd" = NULL WHERE "Id" = $2""";

    private const string ReleaseSql = """UPDATE "WebhookReplays" SET "LeaseOwner" = NULL, "LeaseEnd" = NULL WHERE "LeaseOwner" = $1""";

    private const string ReleaseAllSql = """UPDATE "WebhookReplays" SET "LeaseOwner" = NULL, "LeaseEnd" = NULL WHERE "LeaseOwner" IS NOT NULL""";

    /// <summary>The running replays of this node: those that it has and those that nobody has.</summary>
    public Task<List<HeldReplay>> TakeAsync(string owner, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var now = clock.UtcNow;
            var running = await session.QueryAsync(RunningSql, static _ => { }, Read);
            if (running.Exists(row => row.Owner is null || row.LeaseEnd < now || (row.Owner == owner && row.LeaseEnd < now + (_lease / 2))))
            {
                await session.ExecuteAsync($"{TakeSql} {session.ForUpdateSkipLocked})", bind => bind.Add(owner).Add(now + _lease).Add(now));
                running = await session.QueryAsync(RunningSql, static _ => { }, Read);
            }

            return running.FindAll(row => row.Owner == owner).ConvertAll(row => row.Replay);
        },
        cancellationToken);

    /// <summary>Puts the next deliveries of a replay into the queue, or ends it when there are none and none waits any more.</summary>
    /// <param name="most">How many to put at most; <see cref="MaxLot"/> is the limit.</param>
    public Task<ReplayStep> StepAsync(string owner, Guid id, int most, CancellationToken cancellationToken) => writer.WriteAsync(
        session => StepAsync(session, owner, id, most), cancellationToken);

    /// <summary>Gives up the replays that this node has.</summary>
    public Task ReleaseAsync(string owner, CancellationToken cancellationToken) => writer.WriteAsync(
        session => session.ExecuteAsync(ReleaseSql, bind => bind.Add(owner)), cancellationToken);

    /// <summary>Gives up what a hub that was killed had. Only where no other node can have anything.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) => writer.WriteAsync(
        session => session.ExecuteAsync(ReleaseAllSql, static _ => { }), cancellationToken);

    private async ValueTask<ReplayStep> StepAsync(WriteSession session, string owner, Guid id, int most)
    {
        if (await session.ExecuteAsync(HoldSql, bind => bind.Add(clock.UtcNow + _lease).Add(id).Add(owner)) == 0)
        {
            return new ReplayStep(StepOutcome.NotOurs);
        }

        var rows = await session.QueryAsync(LoadSql, bind => bind.Add(id), row => ReadState(row, id));
        var (state, queued) = rows[0];
        if (!state.EndpointIsActive)
        {
            return new ReplayStep(state.EndpointIsDeleted ? StepOutcome.EndpointDeleted : StepOutcome.EndpointOff);
        }

        var waiting = (int)(await session.QueryAsync(WaitingSql, bind => bind.Add(id), row => row.Int64()))[0];
        var room = Math.Min(Math.Min(most, MaxLot), MaxWaiting - waiting);
        if (room <= 0)
        {
            return new ReplayStep(StepOutcome.Waits);
        }

        // First those again that it had put into the queue when the endpoint was switched off: at its rate, as all others.
        var letDown = await session.QueryAsync(LetDownSql, bind => bind.Add(id).Add(DeliveryReasons.SwitchedOff).Add((long)room), row => (row.Guid(), row.NullableText()));
        if (letDown.Count > 0)
        {
            await DeliveryActivation.ActivateAsync(session, state.OrganizationId, id, state.Order, letDown, clock.UtcNow);
            return new ReplayStep(StepOutcome.More, letDown.Count);
        }

        var found = await ReplayWalk.MoveOnAsync(session, state, room, clock.UtcNow, time.GetUtcNow());
        if (found.Cursor != state.Cursor)
        {
            await session.ExecuteAsync(MoveSql, bind => bind.Add(found.Cursor).Add((long)queued + found.Queued).Add(id));
            session.SignalAfterCommit(new HubSignal(HubSignalKind.ReplaysChanged, state.OrganizationId));
        }

        if (!found.AtEnd || waiting + found.Queued > 0)
        {
            return new ReplayStep(found.AtEnd ? StepOutcome.Waits : StepOutcome.More, found.Queued);
        }

        await session.ExecuteAsync(CompleteSql, bind => bind.Add(time.GetUtcNow()).Add(id));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.ReplaysChanged, state.OrganizationId));
        return new ReplayStep(StepOutcome.Completed);
    }

    private static (HeldReplay Replay, string? Owner, DateTimeOffset? LeaseEnd) Read(RowReader row) =>
        (new HeldReplay(row.Guid(), row.Guid(), row.NullableInt32()), row.NullableText(), row.NullableTime());

    private static (ReplayState State, int Queued) ReadState(RowReader row, Guid id)
    {
        var organization = row.Guid();
        var endpoint = row.Guid();
        var end = TimeOrderedId.LowestAt(row.Time());
        var target = (ReplayTarget)row.Int32();
        var types = JsonSerializer.Deserialize<List<string>>(row.Text())!;
        var cursor = row.Guid();
        var queued = row.Int32();
        var subscribed = JsonSerializer.Deserialize<List<string>>(row.Text())!;
        // Publishing tells of a filter that cannot be read.
        var selection = new ReplaySelection(types, subscribed, row.NullableText() is { } filter ? new EndpointFilter(endpoint, filter, NullLogger.Instance) : null);
        var order = new EndpointOrder(endpoint, (OrderingMode)row.Int32(), row.NullableInt32());
        return (new ReplayState(id, organization, order, end, target, cursor, selection, row.Int32() == 1, row.Int32() == 1), queued);
    }
}
