using System.Collections.Concurrent;

namespace Integrations.Core.Webhooks;

/// <summary>
/// What this node has taken up of the queue and not yet written the outcome of. Taking up writes nothing, so the database does not know; a node that dies forgets it,
/// and another takes the same deliveries up again.
/// </summary>
public sealed class DeliveriesUnderWay
{
    private readonly ConcurrentDictionary<Guid, bool> _begun = new();

    /// <summary>Those whose request is on its way now, or whose outcome waits to be written.</summary>
    public IReadOnlyList<Guid> All => [.. _begun.Where(delivery => delivery.Value).Select(delivery => delivery.Key)];

    /// <summary>Whether its request is on its way now, or its outcome waits to be written.</summary>
    public bool Contains(Guid id) => _begun.TryGetValue(id, out var begun) && begun;

    /// <summary>Whether it is under way or waits in this node's memory for its turn.</summary>
    internal bool IsHeld(Guid id) => _begun.ContainsKey(id);

    /// <returns>Whether it was not held before.</returns>
    internal bool Hold(Guid id) => _begun.TryAdd(id, false);

    internal void Begin(Guid id) => _begun[id] = true;

    /// <summary>The outcome is about to be on disk: whoever hears that it is must not find the delivery still under way.</summary>
    internal void BeforeCommit(Guid id) => _begun[id] = false;

    internal void End(Guid id) => _begun.TryRemove(id, out _);
}
