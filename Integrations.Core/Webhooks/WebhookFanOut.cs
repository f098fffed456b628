using System.Collections.Concurrent;
using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Filters;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks;

/// <summary>
/// Stores a delivery for every active endpoint that wants an event, in the event's own transaction. An organization's endpoints are kept in memory; the stamp
/// on its row, read in the same transaction, tells whether they are still the same.
/// </summary>
internal sealed class WebhookFanOut(DatabaseClock clock, ILogger<WebhookFanOut> log) : IEventTransactionHook
{
    private const string StampSql = """SELECT "WebhooksStamp" FROM "Organizations" WHERE "Id" = $1""";

    private const string EndpointsSql =
        """
        SELECT "Id", "Events", "Filter" FROM "WebhookEndpoints" WHERE "OrganizationId" = $1 AND "DeletedAt" IS NULL AND "IsActive" = ($2 = 1) ORDER BY "Id"
        """;

    private const string InsertSql =
        """
        INSERT INTO "WebhookDeliveries" ("Id", "OrganizationId", "EndpointId", "EventId", "EventType", "Status", "Trigger", "AttemptCount", "PlanStep", "NextAttemptAt", "CreatedAt")
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9)
        """;

    private readonly ConcurrentDictionary<Guid, (long Stamp, IReadOnlyList<Subscriber> Subscribers)> _cache = new();

    public async ValueTask<IReadOnlyList<int>> OnStoringAsync(WriteSession session, Guid organizationId, IReadOnlyList<StoredEvent> events, DateTimeOffset now)
    {
        var subscribers = await SubscribersAsync(session, organizationId);
        List<(StoredEvent Event, Guid EndpointId)> deliveries = [];
        var counts = new int[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            using var subject = FilterSubject.Of(events[i]);
            foreach (var subscriber in subscribers)
            {
                if (subscriber.Subscriptions.Match(events[i].Type) && subscriber.Filter.LetsPass(subject))
                {
                    deliveries.Add((events[i], subscriber.EndpointId));
                    counts[i]++;
                }
            }
        }

        await InsertAsync(session, organizationId, deliveries, DeliveryTrigger.Event, clock.UtcNow, now);
        return counts;
    }

    /// <summary>Stores deliveries.</summary>
    /// <param name="due">When the first try is due, by <see cref="DatabaseClock"/>.</param>
    /// <param name="now">When they are made, by the wall clock.</param>
    /// <returns>The ids of the deliveries, in the same order.</returns>
    public static async ValueTask<IReadOnlyList<Guid>> InsertAsync(
        WriteSession session, Guid organizationId, IReadOnlyList<(StoredEvent Event, Guid EndpointId)> deliveries, DeliveryTrigger trigger, DateTimeOffset due, DateTimeOffset now)
    {
        if (deliveries.Count == 0)
        {
            return [];
        }

        var rows = deliveries.Select(delivery => (Id: TimeOrderedId.New(now), delivery.Event, delivery.EndpointId)).ToList();
        await session.ExecuteManyAsync(InsertSql, rows, (bind, row) => bind
            .Add(row.Id).Add(organizationId).Add(row.EndpointId).Add(row.Event.Id).Add(row.Event.Type)
            .Add((long)DeliveryStatus.Pending).Add((long)trigger).Add(due).Add(now));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organizationId));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organizationId));
        return rows.ConvertAll(row => row.Id);
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
            bind => bind.Add(organizationId).Add(1L),
            row =>
            {
                var id = row.Guid();
                return new Subscriber(id, new Subscriptions(JsonSerializer.Deserialize<List<string>>(row.Text())!), new EndpointFilter(id, row.NullableText(), log));
            });
        _cache[organizationId] = (stamps[0], subscribers);
        return subscribers;
    }

    private sealed record Subscriber(Guid EndpointId, Subscriptions Subscriptions, EndpointFilter Filter);
}
