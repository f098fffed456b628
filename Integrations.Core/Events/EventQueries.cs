using Integrations.Core.Events.Schemas;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Events;

/// <summary>An event in a list.</summary>
/// <param name="IsTest">Whether it is an example that somebody sent to one endpoint: nothing happened.</param>
public sealed record EventRow(
    Guid Id, string? ExternalId, string Type, DateTimeOffset Timestamp, DateTimeOffset CreatedAt, string Source, int DeliveryCount, string? SchemaWarning = null,
    string? OrderingKey = null, bool IsTest = false)
{
    /// <summary>How its data departs from its type's schema, in sentences; none when it does not.</summary>
    public IReadOnlyList<string> Warnings => SchemaVerdict.Sentences(SchemaWarning);

    public string PublicId => ExternalId ?? Storage.PublicId.Format(Storage.PublicId.Event, Id);
}

/// <summary>An event with its data.</summary>
public sealed record EventDetail(EventRow Row, byte[] Data);

/// <summary>Which events to list. Null members do not filter.</summary>
/// <param name="Type">A type, a family or an alias.</param>
public sealed record EventFilter(string? Type = null);

public sealed class EventQueries(HubDbContextFactory contexts)
{
    public async Task<Page<EventRow>> ListAsync(Actor actor, EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.EventsRead);
        await using var db = contexts.Create(actor);
        IQueryable<Event> events = db.Events;
        if (filter.Type is { Length: > 0 } type && EventTypeName.Resolve(type) is var resolved && resolved != EventPattern.All)
        {
            if (resolved.EndsWith(".*", StringComparison.Ordinal))
            {
                var family = resolved[..^1];
                events = events.Where(row => row.Type.StartsWith(family));
            }
            else
            {
                events = events.Where(row => row.Type == resolved);
            }
        }

        return await events.ToPageAsync(
            page,
            row => new EventRow(row.Id, row.ExternalId, row.Type, row.Timestamp, row.CreatedAt, row.Source, row.DeliveryCount, row.SchemaWarning, row.OrderingKey, row.IsTest),
            row => row.Id,
            cancellationToken);
    }

    /// <param name="publicId">The publisher's own id or <c>evt_…</c>.</param>
    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<EventDetail> GetAsync(Actor actor, string publicId, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.EventsRead);
        await using var db = contexts.Create(actor);
        var found = await FindAsync(db, publicId, cancellationToken);
        return new EventDetail(
            new EventRow(
                found.Id, found.ExternalId, found.Type, found.Timestamp, found.CreatedAt, found.Source, found.DeliveryCount, found.SchemaWarning, found.OrderingKey, found.IsTest),
            found.Data);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    internal static async Task<Event> FindAsync(IntegrationsDbContext db, string publicId, CancellationToken cancellationToken)
    {
        var found = await db.Events.AsNoTracking().FirstOrDefaultAsync(row => row.ExternalId == publicId, cancellationToken);
        if (found is null && PublicId.TryParse(PublicId.Event, publicId, out var id))
        {
            found = await db.Events.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        }

        return found ?? throw Refusal.NotFound("The event");
    }
}
