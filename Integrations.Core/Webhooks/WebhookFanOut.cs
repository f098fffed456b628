using System.Collections.Concurrent;
using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Filters;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks;

/// <summary>A delivery to store.</summary>
/// <param name="OrderingKey">The event's key, when the endpoint orders by it.</param>
/// <param name="NextAttemptAt">When the first try is due, by <see cref="DatabaseClock"/>; null when it waits for one before it, or is only kept.</param>
/// <param name="KeptBecause">Why it is kept instead of being sent, or null.</param>
/// <param name="After">The delivery of its key that it has to come after, or null: another node's clock may be ahead.</param>
internal sealed record NewDelivery(
    StoredEvent Event, Guid EndpointId, DeliveryTrigger Trigger, DateTimeOffset? NextAttemptAt, string? OrderingKey = null, string? KeptBecause = null, Guid? ReplayId = null,
    Guid? After = null);

/// <summary>
/// Stores a delivery for every endpoint that wants an event, in the event's own transaction. For an endpoint that is switched off it is kept, to be replayed.
/// An organization's endpoints are kept in memory; the stamp on its row, read in the same transaction, tells whether they are still the same.
/// </summary>
internal sealed class WebhookFanOut(DatabaseClock clock, ILogger<WebhookFanOut> log) : IEventTransactionHook
{
    private const string StampSql = """SELECT "WebhooksStamp" FROM "Organizations" WHERE "Id" = $1""";

    private const string EndpointsSql =
        """
        SELECT "Id", "Events", "Filter", CASE WHEN "IsActive" THEN 1 ELSE 0 END, "Ordering", "OrderingSkipAfter"
        FROM "WebhookEndpoints" WHERE "OrganizationId" = $1 AND "DeletedAt" IS NULL ORDER BY "Id"
        """;

    private const string InsertSql =
        """
        INSERT INTO "WebhookDeliveries" ("Id", "OrganizationId", "EndpointId", "EventId", "EventType", "Status", "Trigger", "AttemptCount", "PlanStep", "NextAttemptAt", "CreatedAt",
          "CompletedAt", "Error", "OrderingKey", "ReplayId", "IsBlocking")
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10, $11, $12, $13, FALSE)
        """;

    private readonly ConcurrentDictionary<Guid, (long Stamp, IReadOnlyList<Subscriber> Subscribers)> _cache = new();

    public async ValueTask<IReadOnlyList<int>> OnStoringAsync(WriteSession session, Guid organizationId, IReadOnlyList<StoredEvent> events, DateTimeOffset now)
    {
        var subscribers = await SubscribersAsync(session, organizationId);
        var due = clock.UtcNow;
        List<NewDelivery> deliveries = [];
        List<(int Index, Subscriber Subscriber)> ordered = [];
        var counts = new int[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            using var subject = FilterSubject.Of(events[i]);
            foreach (var subscriber in subscribers)
            {
                if (!subscriber.Wants(events[i], subject))
                {
                    continue;
                }

                if (!subscriber.IsActive)
                {
                    deliveries.Add(new NewDelivery(events[i], subscriber.EndpointId, DeliveryTrigger.Event, null, subscriber.Order.KeyOf(events[i].OrderingKey), DeliveryReasons.PublishedWhileOff));
                    continue;
                }

                counts[i]++;
                if (subscriber.Order.KeyOf(events[i].OrderingKey) is { } key)
                {
                    ordered.Add((deliveries.Count, subscriber));
                    deliveries.Add(new NewDelivery(events[i], subscriber.EndpointId, DeliveryTrigger.Event, due, key));
                }
                else
                {
                    deliveries.Add(new NewDelivery(events[i], subscriber.EndpointId, DeliveryTrigger.Event, due));
                }
            }
        }

        await ParkAsync(session, deliveries, ordered);
        await InsertAsync(session, organizationId, deliveries, now);
        return counts;
    }

    public async ValueTask<bool> WantsAsync(WriteSession session, Guid organizationId, string type) =>
        (await SubscribersAsync(session, organizationId)).Any(subscriber => subscriber.Subscriptions.Match(type));

    /// <summary>Stores deliveries.</summary>
    /// <param name="now">When they are made, by the wall clock.</param>
    /// <returns>The ids of the deliveries, in the same order.</returns>
    public static async ValueTask<IReadOnlyList<Guid>> InsertAsync(WriteSession session, Guid organizationId, IReadOnlyList<NewDelivery> deliveries, DateTimeOffset now)
    {
        if (deliveries.Count == 0)
        {
            return [];
        }

        var rows = deliveries.Select(delivery => (Id: TimeOrderedId.New(now, delivery.After), New: delivery)).ToList();
        await session.ExecuteManyAsync(InsertSql, rows, (bind, row) => bind
            .Add(row.Id).Add(organizationId).Add(row.New.EndpointId).Add(row.New.Event.Id).Add(row.New.Event.Type)
            .Add((long)(row.New.KeptBecause is null ? DeliveryStatus.Pending : DeliveryStatus.Discarded)).Add((long)row.New.Trigger).Add(row.New.NextAttemptAt).Add(now)
            .Add(row.New.KeptBecause is null ? (DateTimeOffset?)null : now).Add(row.New.KeptBecause).Add(row.New.OrderingKey).Add(row.New.ReplayId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
        return rows.ConvertAll(row => row.Id);
    }

    // Behind an earlier one of its key, of this transaction or before, a delivery waits.
    private static async ValueTask ParkAsync(WriteSession session, List<NewDelivery> deliveries, List<(int Index, Subscriber Subscriber)> ordered)
    {
        await OrderedKeys.LockAsync(session, ordered.Select(item => (item.Subscriber.EndpointId, deliveries[item.Index].OrderingKey!)));
        HashSet<(Guid, string)> taken = [];
        foreach (var (index, subscriber) in ordered)
        {
            var key = deliveries[index].OrderingKey!;
            var holder = await OrderedKeys.HolderAsync(session, subscriber.Order, key);
            if (!taken.Add((subscriber.EndpointId, key)) || holder is not null)
            {
                deliveries[index] = deliveries[index] with { NextAttemptAt = null, After = holder };
            }
        }
    }

    private async ValueTask<IReadOnlyList<Subscriber>> SubscribersAsync(WriteSession session, Guid organizationId)
    {
        var stamps = await session.QueryAsync(StampSql, bind => bind.Add(organizationId), row => row.Int64());
        if (stamps.Count == 0)
        {
            return [];
        }

        if (_cache.TryGetValue(organizationId, out var cached) && cached.Stamp == stamps[0])
        {
            return cached.Subscribers;
        }

        // Read after the stamp: the list is at least as new as the stamp it is kept under.
        var subscribers = await session.QueryAsync(
            EndpointsSql,
            bind => bind.Add(organizationId),
            row =>
            {
                var id = row.Guid();
                return new Subscriber(
                    new Subscriptions(JsonSerializer.Deserialize<List<string>>(row.Text())!), new EndpointFilter(id, row.NullableText(), log), row.Int32() == 1,
                    new EndpointOrder(id, (OrderingMode)row.Int32(), row.NullableInt32()));
            });
        _cache[organizationId] = (stamps[0], subscribers);
        return subscribers;
    }

    private sealed record Subscriber(Subscriptions Subscriptions, EndpointFilter Filter, bool IsActive, EndpointOrder Order)
    {
        public Guid EndpointId => Order.EndpointId;

        public bool Wants(StoredEvent stored, FilterSubject subject) => Subscriptions.Match(stored.Type) && Filter.LetsPass(subject);
    }
}
