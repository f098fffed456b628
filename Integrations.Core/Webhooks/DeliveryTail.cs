using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>A try as the live view shows it.</summary>
public sealed record TailRow(Guid AttemptId, Guid DeliveryId, string EventType, int Number, DateTimeOffset StartedAt, AttemptOutcome Outcome, int? ResponseStatus, long TotalMicroseconds);

/// <summary>The tries of an endpoint as they are made.</summary>
public sealed class DeliveryTail(HubDbContextFactory contexts)
{
    // Attempts carry ids of when they began, but are written when they ended: as much later as a request may take, and a little.
    private static readonly TimeSpan _overlap = TimeSpan.FromSeconds(35);

    /// <summary>The newest tries that began after a time and were not seen before, oldest first.</summary>
    /// <param name="begun">When the reader opened the view: older tries are not shown.</param>
    /// <param name="since">When the reader looked last, or began to.</param>
    /// <param name="seen">Those that the reader has; older ones than a request may take need not be told.</param>
    /// <param name="limit">At most so many; when more were made, the oldest are left out.</param>
    public async Task<IReadOnlyList<TailRow>> ReadAsync(Actor actor, Guid endpointId, DateTimeOffset begun, DateTimeOffset since, IReadOnlySet<Guid> seen, int limit, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var first = TimeOrderedId.LowestAt(since - _overlap);
        var rows = await db.WebhookAttempts.Where(attempt => attempt.Id.CompareTo(first) >= 0 && attempt.StartedAt >= begun)
            .Join(db.WebhookDeliveries.Where(delivery => delivery.EndpointId == endpointId), attempt => attempt.DeliveryId, delivery => delivery.Id, (attempt, delivery) => new { attempt, delivery })
            .OrderByDescending(row => row.attempt.Id).Take(limit)
            .Select(row => new TailRow(
                row.attempt.Id, row.delivery.Id, row.delivery.EventType, row.attempt.Number, row.attempt.StartedAt, row.attempt.Outcome, row.attempt.ResponseStatus, row.attempt.TotalMicroseconds))
            .ToListAsync(cancellationToken);
        return [.. rows.Where(row => !seen.Contains(row.AttemptId)).Reverse()];
    }
}
