using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>Counts what a replay will send, looking through no more than costs a fraction of a second.</summary>
internal static class ReplayCounter
{
    public const int MaxLookedAt = 200_000;

    public static Task<ReplayCount> CountAsync(IntegrationsDbContext db, WebhookEndpoint endpoint, ReplayChoice choice, CancellationToken cancellationToken) =>
        choice.Target == ReplayTarget.Missing ? CountMissedAsync(db, endpoint, choice, cancellationToken) : CountDeliveriesAsync(db, endpoint, choice, cancellationToken);

    private static async Task<ReplayCount> CountDeliveriesAsync(IntegrationsDbContext db, WebhookEndpoint endpoint, ReplayChoice choice, CancellationToken cancellationToken)
    {
        var deliveries = db.WebhookDeliveries.Where(delivery => delivery.EndpointId == endpoint.Id).MadeBetween(choice.From, choice.To);
        deliveries = choice.Target switch
        {
            ReplayTarget.Ended => deliveries,
            ReplayTarget.Kept => deliveries.WhereKept(),
            ReplayTarget.Delivered => deliveries.Where(delivery => delivery.Status == DeliveryStatus.Delivered),
            // "Not delivered" says nothing new, but only with it SQLite takes the index of deliveries that are not.
            var target => deliveries.Where(delivery => delivery.Status != DeliveryStatus.Delivered && delivery.Status == (DeliveryStatus)target),
        };
        var ordered = deliveries.OrderBy(delivery => delivery.Id);
        var selection = choice.Selection(endpoint);
        var byType = await ordered.Take(MaxLookedAt)
            .Where(delivery => delivery.Trigger != DeliveryTrigger.Test && delivery.NextAttemptAt == null
                && (delivery.Status == DeliveryStatus.Delivered || delivery.Status == DeliveryStatus.Failed || delivery.Status == DeliveryStatus.Discarded))
            .GroupBy(delivery => delivery.EventType).Select(group => new { Type = group.Key, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return new ReplayCount(
            byType.Where(group => selection.WantsType(group.Type)).Sum(group => group.Count), !await ordered.Skip(MaxLookedAt).AnyAsync(cancellationToken));
    }

    private static async Task<ReplayCount> CountMissedAsync(IntegrationsDbContext db, WebhookEndpoint endpoint, ReplayChoice choice, CancellationToken cancellationToken)
    {
        var ordered = db.Events.MadeBetween(choice.From, choice.To).OrderBy(row => row.Id);
        var selection = choice.Selection(endpoint);
        var byType = await ordered.Take(MaxLookedAt)
            .Where(row => !row.IsTest && !db.WebhookDeliveries.Any(delivery => delivery.EventId == row.Id && delivery.EndpointId == endpoint.Id))
            .GroupBy(row => row.Type).Select(group => new { Type = group.Key, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return new ReplayCount(
            byType.Where(group => selection.Wants(new ReplayCandidate(Guid.Empty, group.Type))).Sum(group => group.Count), !await ordered.Skip(MaxLookedAt).AnyAsync(cancellationToken));
    }
}
