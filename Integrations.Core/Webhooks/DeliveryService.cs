using System.Text;
using Integrations.Core.Audit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>What people do with deliveries by hand: retry one, test an endpoint.</summary>
public sealed class DeliveryService(HubDbContextFactory contexts, IGroupWriter writer, HubSignals signals, DeliveryQueries queries, DeliveriesUnderWay underWay, DatabaseClock clock, AuditLog audit,
    TimeProvider time)
{
    private static readonly TimeSpan _lookAgain = TimeSpan.FromSeconds(1);

    private const string UnderWay = "A try of this delivery is under way, or about to be made. Its outcome will show in a moment.";

    // With an order the delivery waits while another holds its key; the end of that one makes it due.
    private const string RetrySql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = $1, "PlanStep" = 0, "CompletedAt" = NULL, "IsBlocking" = FALSE,
          "NextAttemptAt" = CASE WHEN "OrderingKey" IS NOT NULL AND EXISTS (
            SELECT 1 FROM "WebhookDeliveries" AS other
            WHERE other."EndpointId" = "WebhookDeliveries"."EndpointId" AND other."OrderingKey" = "WebhookDeliveries"."OrderingKey" AND other."Status" <> 3
              AND other."Id" <> "WebhookDeliveries"."Id" AND other."NextAttemptAt" IS NOT NULL AND other."PlanStep" < $5)
            THEN NULL ELSE CAST($2 AS bigint) END
        WHERE "Id" = $3 AND "OrganizationId" = $4 AND "AttemptCount" = $6 AND ("NextAttemptAt" IS NULL OR "NextAttemptAt" > $2)
        RETURNING CASE WHEN "NextAttemptAt" IS NULL THEN 1 ELSE 0 END
        """;

    private const string SkipSql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = 5, "IsBlocking" = FALSE, "NextAttemptAt" = NULL, "CompletedAt" = $1, "Error" = $2
        WHERE "Id" = $3 AND "OrganizationId" = $4 AND ("IsBlocking" OR "Status" IN (0, 2))
        """;

    private const string TestEventSql =
        """
        INSERT INTO "Events" ("Id", "OrganizationId", "Type", "Timestamp", "CreatedAt", "Data", "Source", "DeliveryCount", "IsTest") VALUES ($1, $2, $3, $4, $4, $5, $6, 1, TRUE)
        """;

    /// <summary>
    /// Tries a delivery again at once, whatever became of it, before all else that waits and though the endpoint's circuit is open, and begins its retry plan anew.
    /// </summary>
    /// <returns>Whether it has to wait all the same: for another delivery of its ordering key that is under way or due.</returns>
    /// <exception cref="Refusal">Not there; its endpoint is off or deleted; or a try is under way, or about to be made because somebody asked for it.</exception>
    public async Task<bool> RetryAsync(Actor actor, Guid endpointId, Guid deliveryId, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        var delivery = await db.WebhookDeliveries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == deliveryId && row.EndpointId == endpointId, cancellationToken) ?? throw Refusal.NotFound("The delivery");
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == delivery.EndpointId, cancellationToken)
            ?? throw Refusal.Unprocessable(null, "The webhook endpoint of this delivery was deleted, so it cannot be retried.");
        if (!endpoint.IsActive)
        {
            throw Refusal.Unprocessable(null, "The webhook endpoint is switched off. Switch it on, then retry the delivery.");
        }

        if (!await db.Events.AnyAsync(row => row.Id == delivery.EventId, cancellationToken))
        {
            throw Refusal.Unprocessable(null, "The event of this delivery is no longer kept, so there is nothing to send.");
        }

        EndpointOrder order = new(endpoint.Id, endpoint.Ordering, endpoint.OrderingSkipAfter);
        // Another node may be at it all the same: then that try is the one that was asked for.
        if (underWay.Contains(deliveryId))
        {
            throw Refusal.Conflict(null, UnderWay);
        }

        var waits = await writer.WriteAsync(
            async session =>
            {
                await LockAsync(session, delivery);
                Signal(session, organization);
                var retried = await session.QueryAsync(
                    RetrySql,
                    bind => bind.Add((long)(delivery.AttemptCount == 0 ? DeliveryStatus.Pending : DeliveryStatus.Retrying)).Add(WebhookDelivery.Urgent).Add(deliveryId).Add(organization)
                        .Add(order.IsOrdered ? order.SkipAfter : 0).Add((long)delivery.AttemptCount),
                    row => row.Int32() == 1);
                await AuditAsync(session, actor, organization, "delivery.retried", delivery, retried.Count);
                return retried;
            },
            cancellationToken);
        return waits.Count == 0 ? throw Refusal.Conflict(null, UnderWay) : waits[0];
    }

    /// <summary>Gives up a delivery that is still to be made, or that blocks the later ones of its ordering key, so that those may go.</summary>
    /// <exception cref="Refusal">Not there; a try is under way; or it is done and blocks nothing.</exception>
    public async Task SkipAsync(Actor actor, Guid endpointId, Guid deliveryId, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        var delivery = await db.WebhookDeliveries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == deliveryId && row.EndpointId == endpointId, cancellationToken) ?? throw Refusal.NotFound("The delivery");
        if (delivery is { IsBlocking: false, Status: not (DeliveryStatus.Pending or DeliveryStatus.Retrying) })
        {
            throw Refusal.Unprocessable(null, "The delivery is done and holds nothing back, so there is nothing to skip.");
        }

        if (underWay.Contains(deliveryId))
        {
            throw Refusal.Conflict(null, UnderWay);
        }

        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken);
        var changed = await writer.WriteAsync(
            async session =>
            {
                await LockAsync(session, delivery);
                Signal(session, organization);
                var skipped = await session.ExecuteAsync(SkipSql, bind => bind.Add(time.GetUtcNow()).Add($"Skipped by {actor.Name}.").Add(deliveryId).Add(organization));
                if (skipped > 0 && delivery.OrderingKey is { } key && endpoint is not null)
                {
                    await OrderedKeys.ReleaseAsync(session, new EndpointOrder(endpointId, endpoint.Ordering, endpoint.OrderingSkipAfter), key, clock.UtcNow);
                }

                session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesWithdrawn, organization));
                await AuditAsync(session, actor, organization, "delivery.skipped", delivery, skipped);
                return skipped;
            },
            cancellationToken);
        if (changed == 0)
        {
            throw Refusal.Conflict(null, UnderWay);
        }
    }

    /// <summary>Sends an example of an event to one endpoint, also when it is off, and waits for the answer.</summary>
    /// <param name="eventType">The type or an alias of it, whether the endpoint subscribes to it or not; null for <see cref="EventCatalogue.Test"/>.</param>
    /// <returns>The delivery; it is still under way when the endpoint did not answer within its time-out and a little.</returns>
    /// <exception cref="Refusal">Not there, or another organization's; or no such type.</exception>
    public async Task<DeliveryDetail> TestAsync(Actor actor, Guid endpointId, string? eventType, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken) ?? throw Refusal.NotFound("The webhook endpoint");
        var (type, example) = await ExampleAsync(db, eventType, cancellationToken);
        using var changes = new SignalWaiter(signals, new HubSignal(HubSignalKind.DeliveriesChanged, organization));
        var id = await writer.WriteAsync(
            async session =>
            {
                await audit.AddAsync(session, actor, organization, "webhook.tested", PublicId.Format(PublicId.WebhookEndpoint, endpointId), endpoint.Url, null, new { Event = type });
                return await StoreTestAsync(session, organization, endpointId, actor.Name, type, example);
            },
            cancellationToken);

        // Who may send a test may see its outcome, also without the scope to read.
        var reader = Actor.System(actor.Name, organization);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(endpoint.TimeoutSeconds + 5), time);
        while (true)
        {
            var isLast = timeout.IsCancellationRequested;
            var detail = await queries.GetAsync(reader, id, cancellationToken);
            if (detail.Row.CompletedAt is not null || isLast)
            {
                return detail;
            }

            // The signal of another node may be lost.
            using var look = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            using var timer = time.CreateTimer(_ => look.Cancel(), null, _lookAgain, Timeout.InfiniteTimeSpan);
            await changes.WaitAsync(look.Token);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static ValueTask LockAsync(WriteSession session, WebhookDelivery delivery) =>
        delivery.OrderingKey is { } key ? OrderedKeys.LockAsync(session, [(delivery.EndpointId, key)]) : ValueTask.CompletedTask;

    private ValueTask AuditAsync(WriteSession session, Actor actor, Guid organization, string action, WebhookDelivery delivery, int changed) => changed == 0
        ? ValueTask.CompletedTask
        : audit.AddAsync(session, actor, organization, action, PublicId.Format(PublicId.Delivery, delivery.Id), delivery.EventType, null, null);

    private static void Signal(WriteSession session, Guid organization)
    {
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organization));
        session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organization));
    }

    private static async Task<(string Type, byte[] Data)> ExampleAsync(IntegrationsDbContext db, string? eventType, CancellationToken cancellationToken)
    {
        var type = string.IsNullOrWhiteSpace(eventType) ? EventCatalogue.Test : EventTypeName.Resolve(eventType.Trim());
        if (EventCatalogue.Find(type) is { } known)
        {
            return (type, Encoding.UTF8.GetBytes(known.Example));
        }

        var defined = await db.EventTypeDefinitions.Where(definition => definition.Name == type).Select(definition => new { definition.Example }).FirstOrDefaultAsync(cancellationToken);
        return defined is not null || (EventTypeName.IsWellFormed(type) && type.StartsWith(EventTypeName.CustomPrefix, StringComparison.Ordinal))
            ? (type, Encoding.UTF8.GetBytes(defined?.Example ?? "{}"))
            : throw Refusal.Unprocessable("event", $"The event type {eventType} is not known. GET /api/event-types lists all; leave it out for {EventCatalogue.Test}.");
    }

    private async ValueTask<Guid> StoreTestAsync(WriteSession session, Guid organization, Guid endpointId, string source, string type, byte[] data)
    {
        var now = time.GetUtcNow();
        var test = new StoredEvent(TimeOrderedId.New(now), type, data);
        await session.ExecuteAsync(TestEventSql, bind => bind.Add(test.Id).Add(organization).Add(test.Type).Add(now).Add(data).Add(source));
        // Due before everything else, so that it passes by whatever waits for the endpoint.
        var ids = await WebhookFanOut.InsertAsync(session, organization, [new NewDelivery(test, endpointId, DeliveryTrigger.Test, WebhookDelivery.Urgent)], now);
        return ids[0];
    }
}
