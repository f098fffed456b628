using System.Runtime.CompilerServices;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>A try as the live view shows it.</summary>
public sealed record TailRow(Guid AttemptId, Guid DeliveryId, string EventType, int Number, DateTimeOffset StartedAt, AttemptOutcome Outcome, int? ResponseStatus, long TotalMicroseconds);

/// <summary>The tries of an endpoint as they are made.</summary>
public sealed class DeliveryTail(HubDbContextFactory contexts, HubSignals signals, TimeProvider time)
{
    // Attempts carry ids of when they began, but are written when they ended: as much later as a request may take, and a little.
    internal static readonly TimeSpan Overlap = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Begins to read: older tries are not told.</summary>
    public TailReader Begin(Guid endpointId) => new(this, endpointId, time);

    /// <summary>Lots of tries as they are made, until cancelled.</summary>
    /// <param name="idle">How long to wait at most before an empty lot shows that the reader is still there.</param>
    /// <exception cref="Refusal">May not read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<TailRow>> FollowAsync(
        Actor actor, Guid endpointId, int limit, TimeSpan idle, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksRead);
        using var changes = new SignalWaiter(signals, new HubSignal(HubSignalKind.DeliveriesChanged, organization));
        var reader = Begin(endpointId);
        while (true)
        {
            yield return await reader.NextAsync(actor, limit, cancellationToken);
            await changes.WaitAsync(idle, time, cancellationToken);
            // A busy organization changes all the time.
            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    internal async Task<List<TailRow>> ReadAsync(Actor actor, Guid endpointId, DateTimeOffset begun, DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var first = TimeOrderedId.LowestAt(since - Overlap);
        return await db.WebhookAttempts.Where(attempt => attempt.Id.CompareTo(first) >= 0 && attempt.StartedAt >= begun)
            .Join(db.WebhookDeliveries.Where(delivery => delivery.EndpointId == endpointId), attempt => attempt.DeliveryId, delivery => delivery.Id, (attempt, delivery) => new { attempt, delivery })
            .OrderByDescending(row => row.attempt.Id).Take(limit)
            .Select(row => new TailRow(
                row.attempt.Id, row.delivery.Id, row.delivery.EventType, row.attempt.Number, row.attempt.StartedAt, row.attempt.Outcome, row.attempt.ResponseStatus, row.attempt.TotalMicroseconds))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>One reader of the tries of an endpoint. For one flow at a time.</summary>
public sealed class TailReader
{
    private const int MaxSeen = 4_000;

    private readonly DeliveryTail _tail;
    private readonly Guid _endpointId;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _begun;
    // Of what could come again.
    private readonly HashSet<Guid> _seen = [];
    private DateTimeOffset _since;
    private Guid _forgotten;

    internal TailReader(DeliveryTail tail, Guid endpointId, TimeProvider time)
    {
        (_tail, _endpointId, _time) = (tail, endpointId, time);
        _since = _begun = time.GetUtcNow();
    }

    /// <summary>The newest tries that this reader has not seen, oldest first.</summary>
    /// <param name="limit">At most so many; when more were made, the oldest are left out.</param>
    public async Task<IReadOnlyList<TailRow>> NextAsync(Actor actor, int limit, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        // Behind those that were seen may stand one that began before them and ended after.
        var rows = await _tail.ReadAsync(actor, _endpointId, _begun, _since, limit + _seen.Count, cancellationToken);
        List<TailRow> fresh = [.. rows.Where(row => row.AttemptId.CompareTo(_forgotten) > 0 && _seen.Add(row.AttemptId)).Take(limit).Reverse()];
        _since = now;
        Forget();
        return fresh;
    }

    private void Forget()
    {
        var oldest = TimeOrderedId.LowestAt(_since - DeliveryTail.Overlap);
        _seen.RemoveWhere(id => id.CompareTo(oldest) < 0);
        if (_seen.Count > MaxSeen)
        {
            // At such a rate the slowest are not told, but none is told twice.
            _forgotten = _seen.Order().ElementAt(_seen.Count - (MaxSeen / 2));
            _seen.RemoveWhere(id => id.CompareTo(_forgotten) <= 0);
        }
    }
}
