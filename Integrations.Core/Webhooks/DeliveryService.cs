using System.Text;
using Integrations.Core.Audit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>What people do with deliveries by hand: retry one, test an endpoint.</summary>
public sealed class DeliveryService(HubDbContextFactory contexts, IGroupWriter writer, HubSignals signals, DeliveryQueries queries, DatabaseClock clock, AuditLog audit, TimeProvider time)
{
    private const string RetrySql =
        """
        UPDATE "WebhookDeliveries" SET "Status" = $1, "PlanStep" = 0, "NextAttemptAt" = $2, "CompletedAt" = NULL
        WHERE "Id" = $3 AND "OrganizationId" = $4 AND "LeaseOwner" IS NULL
        """;

    private const string TestEventSql =
        """
        INSERT INTO "Events" ("Id", "OrganizationId", "Type", "Timestamp", "CreatedAt", "Data", "Source", "DeliveryCount") VALUES ($1, $2, $3, $4, $4, $5, $6, 1)
        """;

    /// <summary>Tries a delivery again at once, whatever became of it, and begins its retry plan anew.</summary>
    /// <exception cref="Refusal">Not there; its endpoint is off or deleted; or a try is under way.</exception>
    public async Task RetryAsync(Actor actor, Guid endpointId, Guid deliveryId, CancellationToken cancellationToken)
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

        var changed = await writer.WriteAsync(
            async session =>
            {
                session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesDue, organization));
                session.SignalAfterCommit(new HubSignal(HubSignalKind.DeliveriesChanged, organization));
                return await session.ExecuteAsync(
                    RetrySql,
                    bind => bind.Add((long)(delivery.AttemptCount == 0 ? DeliveryStatus.Pending : DeliveryStatus.Retrying)).Add(clock.UtcNow).Add(deliveryId).Add(organization));
            },
            cancellationToken);
        if (changed == 0)
        {
            throw Refusal.Conflict(null, "A try of this delivery is under way. Its outcome will show in a moment.");
        }

        audit.Add(db, actor, organization, "delivery.retried", PublicId.Format(PublicId.Delivery, deliveryId), delivery.EventType, null, null);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Sends a test event to one endpoint, also when it is off, and waits for the answer.</summary>
    /// <returns>The delivery; it is still under way when the endpoint did not answer within its time-out and a little.</returns>
    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<DeliveryDetail> TestAsync(Actor actor, Guid endpointId, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken) ?? throw Refusal.NotFound("The webhook endpoint");
        using var changes = new SignalWaiter(signals, new HubSignal(HubSignalKind.DeliveriesChanged, organization));
        var id = await writer.WriteAsync(session => StoreTestAsync(session, organization, endpointId, actor.Name), cancellationToken);

        // Who may send a test may see its outcome, also without the scope to read.
        var reader = Actor.System(actor.Name, organization);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(endpoint.TimeoutSeconds + 5), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        while (true)
        {
            var detail = await queries.GetAsync(reader, id, cancellationToken);
            if (detail.Row.CompletedAt is not null || !await changes.WaitAsync(both.Token))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return detail;
            }
        }
    }

    private async ValueTask<Guid> StoreTestAsync(WriteSession session, Guid organization, Guid endpointId, string source)
    {
        var now = time.GetUtcNow();
        var data = Encoding.UTF8.GetBytes(EventCatalogue.Find(EventCatalogue.Test)!.Example);
        var test = new StoredEvent(TimeOrderedId.New(now), EventCatalogue.Test, data);
        await session.ExecuteAsync(TestEventSql, bind => bind.Add(test.Id).Add(organization).Add(test.Type).Add(now).Add(data).Add(source));
        var ids = await WebhookFanOut.InsertAsync(session, organization, [(test, endpointId)], DeliveryTrigger.Test, clock.UtcNow, now);
        return ids[0];
    }
}
