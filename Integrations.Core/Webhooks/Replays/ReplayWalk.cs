using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Delivery;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>A replay where it stands, with what matters of its endpoint.</summary>
/// <param name="End">The first id that no longer belongs to it.</param>
/// <param name="Cursor">The last id that was looked at.</param>
internal sealed record ReplayState(
    Guid Id,
    Guid OrganizationId,
    EndpointOrder Order,
    Guid End,
    ReplayTarget Target,
    Guid Cursor,
    ReplaySelection Selection,
    bool EndpointIsActive,
    bool EndpointIsDeleted);

/// <param name="Cursor">The last id that was looked at now.</param>
/// <param name="AtEnd">Nothing is left to look at.</param>
internal readonly record struct WalkResult(int Queued, Guid Cursor, bool AtEnd);

/// <summary>Goes through the endpoint's deliveries, or the organization's events, in the order of their ids, and puts what the replay wants into the queue.</summary>
internal static class ReplayWalk
{
    // Rows looked at in one transaction, which holds up other writers on SQLite: some more than are wanted, since not all will be.
    private const int MinLookedAt = 100;
    private const int MaxLookedAt = 1_000;

    private const string DeliveriesSql =
        """
        SELECT d."Id", d."EventType", d."OrderingKey", d."Trigger", d."Status", d."Error",
          CASE WHEN d."Status" IN (3, 4, 5) AND d."NextAttemptAt" IS NULL AND EXISTS (SELECT 1 FROM "Events" e WHERE e."Id" = d."EventId") THEN 1 ELSE 0 END
        FROM "WebhookDeliveries" d WHERE d."EndpointId" = $1 AND d."Id" > $2 AND d."Id" < $3
        """;

    // "Not delivered" says nothing new, but only with it the index of deliveries that are not is taken.
    private const string NotDeliveredSql = $""" {DeliveriesSql} AND d."Status" <> 3 AND d."Status" = $4 ORDER BY d."Id" LIMIT $5""";

    private const string AllSql = $""" {DeliveriesSql} ORDER BY d."Id" LIMIT $4""";

    private const string EventsSql =
        """
        SELECT e."Id", e."Type", e."OrderingKey", CASE WHEN $6 = 1 THEN e."Data" ELSE NULL END,
          CASE WHEN EXISTS (SELECT 1 FROM "WebhookDeliveries" d WHERE d."EventId" = e."Id" AND d."EndpointId" = $1) OR e."IsTest" THEN 0 ELSE 1 END
        FROM "Events" e WHERE e."OrganizationId" = $2 AND e."Id" > $3 AND e."Id" < $4 ORDER BY e."Id" LIMIT $5
        """;

    /// <param name="most">Deliveries to put into the queue at most.</param>
    /// <param name="due">When they are due, by <see cref="DatabaseClock"/>.</param>
    /// <param name="now">The time by the wall clock.</param>
    public static async ValueTask<WalkResult> MoveOnAsync(WriteSession session, ReplayState replay, int most, DateTimeOffset due, DateTimeOffset now)
    {
        if (replay.Cursor == replay.End)
        {
            return new WalkResult(0, replay.End, AtEnd: true);
        }

        var limit = Math.Clamp(most * 5, MinLookedAt, MaxLookedAt);
        if (replay.Target == ReplayTarget.Missing)
        {
            var events = await session.QueryAsync(
                EventsSql,
                bind => bind.Add(replay.Order.EndpointId).Add(replay.OrganizationId).Add(replay.Cursor).Add(replay.End).Add((long)limit).Add(replay.Selection.ReadsData ? 1L : 0L),
                row => ReadEvent(row, replay.Selection));
            var (missed, moved) = Choose(replay, events, most, limit);
            await InsertAsync(session, replay, missed, due, now);
            return moved;
        }

        // Nearly all deliveries are delivered, so for those the walk over all is as good, and each step of it is as short.
        var deliveries = replay.Target is ReplayTarget.Failed or ReplayTarget.Discarded or ReplayTarget.Kept
            ? await session.QueryAsync(
                NotDeliveredSql,
                bind => bind.Add(replay.Order.EndpointId).Add(replay.Cursor).Add(replay.End).Add((long)(replay.Target == ReplayTarget.Kept ? ReplayTarget.Discarded : replay.Target)).Add((long)limit),
                row => ReadDelivery(row, replay))
            : await session.QueryAsync(
                AllSql, bind => bind.Add(replay.Order.EndpointId).Add(replay.Cursor).Add(replay.End).Add((long)limit), row => ReadDelivery(row, replay));
        var (chosen, result) = Choose(replay, deliveries, most, limit);
        await DeliveryActivation.ActivateAsync(
            session, replay.OrganizationId, replay.Id, replay.Order, chosen.ConvertAll(delivery => (delivery.Id, delivery.OrderingKey)), due);
        return result;
    }

    private static (ReplayCandidate Row, bool IsWanted) ReadEvent(RowReader row, ReplaySelection selection)
    {
        ReplayCandidate missed = new(row.Guid(), row.Text(), row.NullableText(), row.NullableBytes());
        return (missed, row.Int32() == 1 && selection.Wants(missed));
    }

    private static (ReplayCandidate Row, bool IsWanted) ReadDelivery(RowReader row, ReplayState replay)
    {
        ReplayCandidate delivery = new(row.Guid(), row.Text(), row.NullableText());
        var trigger = (DeliveryTrigger)row.Int32();
        var status = (DeliveryStatus)row.Int32();
        var error = row.NullableText();
        var isMeant = replay.Target switch
        {
            ReplayTarget.Ended => true,
            ReplayTarget.Kept => DeliveryReasons.IsKept(error),
            var target => status == (DeliveryStatus)target,
        };
        return (delivery, row.Int32() == 1 && trigger != DeliveryTrigger.Test && isMeant && replay.Selection.WantsType(delivery.Type));
    }

    // The cursor stops at the last that there was room for, so that the next step begins behind it.
    private static (List<ReplayCandidate> Chosen, WalkResult Result) Choose(ReplayState replay, List<(ReplayCandidate Row, bool IsWanted)> looked, int most, int limit)
    {
        List<ReplayCandidate> chosen = new(Math.Min(most, looked.Count));
        foreach (var (row, isWanted) in looked)
        {
            if (isWanted)
            {
                chosen.Add(row);
                if (chosen.Count == most)
                {
                    return (chosen, new WalkResult(most, row.Id, AtEnd: false));
                }
            }
        }

        return looked.Count < limit
            ? (chosen, new WalkResult(chosen.Count, replay.End, AtEnd: true))
            : (chosen, new WalkResult(chosen.Count, looked[^1].Row.Id, AtEnd: false));
    }

    private static async ValueTask InsertAsync(WriteSession session, ReplayState replay, List<ReplayCandidate> missed, DateTimeOffset due, DateTimeOffset now)
    {
        var keys = replay.Order.KeysOf(missed.Select(row => row.OrderingKey));
        await OrderedKeys.LockAsync(session, keys.Select(key => (replay.Order.EndpointId, key)));
        var deliveries = missed.ConvertAll(row =>
        {
            // One with a key is parked at first; its key decides when it goes.
            var key = replay.Order.KeyOf(row.OrderingKey);
            return new NewDelivery(
                new StoredEvent(row.Id, row.Type, row.Data), replay.Order.EndpointId, DeliveryTrigger.Replay, key is null ? due : null, key, ReplayId: replay.Id);
        });
        await WebhookFanOut.InsertAsync(session, replay.OrganizationId, deliveries, now);
        foreach (var key in keys)
        {
            await OrderedKeys.ReleaseAsync(session, replay.Order, key, due);
        }
    }
}
