using Integrations.Core.Storage;

namespace Integrations.Core.Events;

/// <summary>An event as its publisher gives it.</summary>
/// <param name="Type">The type, or an alias of one.</param>
/// <param name="Data">A JSON object in UTF-8, at most <see cref="EventPublisher.MaxDataBytes"/>.</param>
/// <param name="Id">The publisher's own id (<c>[A-Za-z0-9_-]{1,64}</c>), which makes publishing idempotent; null for one by the hub.</param>
/// <param name="Timestamp">When the thing happened; null for now.</param>
/// <param name="OrderingKey">
/// Endpoints that order by it get events with the same key one after the other; at most <see cref="EventPublisher.MaxOrderingKeyLength"/> characters.
/// </param>
public sealed record NewEvent(string Type, ReadOnlyMemory<byte> Data, string? Id = null, DateTimeOffset? Timestamp = null, string? OrderingKey = null)
{
    /// <summary>Where it stands in its request, for faults: <c>[2].</c>, or nothing for an event alone.</summary>
    public string Place { get; init; } = "";
}

/// <summary>An accepted event: it and its deliveries are on disk.</summary>
/// <param name="Id">The public id: the publisher's own or <c>evt_…</c>.</param>
/// <param name="Deliveries">For how many endpoints a delivery was stored.</param>
/// <param name="IsDuplicate">The same event was accepted before; nothing was stored again.</param>
public sealed record PublishedEvent(string Id, string Type, DateTimeOffset CreatedAt, int Deliveries, bool IsDuplicate)
{
    /// <summary>How its data departs from its type's schema, in sentences; none when it does not.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>An event on its way into the database, as subscribers to the transaction see it.</summary>
/// <param name="Data">Its data: JSON in UTF-8.</param>
public sealed record StoredEvent(Guid Id, string Type, ReadOnlyMemory<byte> Data, string? OrderingKey = null);

/// <summary>Takes part in the transaction that stores events: what it writes is stored with them or not at all.</summary>
public interface IEventTransactionHook
{
    /// <returns>For each event, how many deliveries were added.</returns>
    ValueTask<IReadOnlyList<int>> OnStoringAsync(WriteSession session, Guid organizationId, IReadOnlyList<StoredEvent> events, DateTimeOffset now);

    /// <summary>Whether anybody subscribes to a type, so that those who publish very many need not when nobody listens.</summary>
    ValueTask<bool> WantsAsync(WriteSession session, Guid organizationId, string type);
}
