using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

public sealed class DeliveryQueries(HubDbContextFactory contexts, DeliveriesUnderWay underWay, DatabaseClock clock)
{
    public async Task<Page<DeliveryRow>> ListAsync(Actor actor, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        return await PageAsync(db, filter, page, cancellationToken);
    }

    /// <summary>The deliveries of an event to all endpoints, newest first.</summary>
    /// <param name="eventPublicId">The publisher's own id or <c>evt_…</c>.</param>
    /// <exception cref="Refusal">No such event.</exception>
    public async Task<Page<DeliveryRow>> ListOfEventAsync(Actor actor, string eventPublicId, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var found = await EventQueries.FindAsync(db, eventPublicId, cancellationToken);
        return await PageAsync(db, new DeliveryFilter(EventId: found.Id), page, cancellationToken);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<DeliveryDetail> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var row = await db.WebhookDeliveries.Where(delivery => delivery.Id == id).Select(Projection(db)).FirstOrDefaultAsync(cancellationToken)
            ?? throw Refusal.NotFound("The delivery");
        var attempts = await db.WebhookAttempts.Where(attempt => attempt.DeliveryId == id).OrderBy(attempt => attempt.Number)
            .Select(attempt => new AttemptRow(
                attempt.Id, attempt.Number, attempt.StartedAt, attempt.Outcome, attempt.Error, attempt.RequestHeaders, attempt.ResponseStatus, attempt.ResponseHeaders,
                attempt.ResponseBody, attempt.ResponseBodyCut, attempt.RemoteAddress, attempt.ConnectionReused, attempt.DnsMicroseconds, attempt.ConnectMicroseconds,
                attempt.TlsMicroseconds, attempt.FirstByteMicroseconds, attempt.TotalMicroseconds)
            {
                Url = attempt.Url ?? row.EndpointUrl,
            })
            .ToListAsync(cancellationToken);
        var body = (await BodiesAsync(db, [row], cancellationToken)).GetValueOrDefault(id);
        return new DeliveryDetail(Shown(row), body?.Build() ?? [], attempts.ConvertAll(attempt => attempt with { Body = body?.Build(NameOf(attempt)) ?? [] }));
    }

    /// <summary>The bodies and last answers of listed deliveries.</summary>
    public async Task<IReadOnlyDictionary<Guid, DeliveryContent>> ContentsAsync(Actor actor, IReadOnlyList<DeliveryRow> rows, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var bodies = await BodiesAsync(db, rows, cancellationToken);
        var ids = rows.Select(row => row.Id).ToList();
        // The bodies of the last tries alone: all of them may be many.
        var attempts = await db.WebhookAttempts.Where(attempt => ids.Contains(attempt.DeliveryId))
            .Select(attempt => new { attempt.Id, attempt.DeliveryId, attempt.Number }).ToListAsync(cancellationToken);
        var last = attempts.GroupBy(attempt => attempt.DeliveryId).Select(group => group.MaxBy(attempt => attempt.Number)!.Id).ToList();
        var answers = await db.WebhookAttempts.Where(attempt => last.Contains(attempt.Id)).Select(attempt => new { attempt.DeliveryId, attempt.ResponseBody })
            .ToDictionaryAsync(attempt => attempt.DeliveryId, attempt => attempt.ResponseBody, cancellationToken);
        return rows.ToDictionary(row => row.Id, row => new DeliveryContent(bodies.GetValueOrDefault(row.Id)?.Build() ?? [], answers.GetValueOrDefault(row.Id)));
    }

    private async Task<Page<DeliveryRow>> PageAsync(IntegrationsDbContext db, DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var rows = await Filter(db.WebhookDeliveries, filter).ToPageAsync(page, Projection(db), row => row.Id, cancellationToken);
        return new Page<DeliveryRow>([.. rows.Rows.Select(row => Shown(row))], rows.NextCursor);
    }

    private IQueryable<WebhookDelivery> Filter(IQueryable<WebhookDelivery> deliveries, DeliveryFilter filter)
    {
        if (filter.EndpointId is { } endpoint)
        {
            deliveries = deliveries.Where(delivery => delivery.EndpointId == endpoint);
        }

        if (filter.EventId is { } eventId)
        {
            deliveries = deliveries.Where(delivery => delivery.EventId == eventId);
        }

        deliveries = filter.Status switch
        {
            null => deliveries,
            DeliveryStatus.Delivering => UnderWay(deliveries, underWay.All),
            DeliveryStatus.Delivered => deliveries.Where(delivery => delivery.Status == DeliveryStatus.Delivered),
            // "Not delivered" says nothing new, but only with it SQLite takes the index of deliveries that are not.
            var status => deliveries.Where(delivery => delivery.Status != DeliveryStatus.Delivered && delivery.Status == status),
        };

        if (filter.EventType is { Length: > 0 } type && EventTypeName.Resolve(type) is var resolved && resolved != EventPattern.All)
        {
            if (resolved.EndsWith(".*", StringComparison.Ordinal))
            {
                var family = resolved[..^1];
                deliveries = deliveries.Where(delivery => delivery.EventType.StartsWith(family));
            }
            else
            {
                deliveries = deliveries.Where(delivery => delivery.EventType == resolved);
            }
        }

        return deliveries;
    }

    // Known for this node only: what another one sends now shows as what it was before.
    private static IQueryable<WebhookDelivery> UnderWay(IQueryable<WebhookDelivery> deliveries, IReadOnlyList<Guid> ids) =>
        deliveries.Where(delivery => ids.Contains(delivery.Id) && delivery.NextAttemptAt != null);

    private static System.Linq.Expressions.Expression<Func<WebhookDelivery, DeliveryRow>> Projection(IntegrationsDbContext db) => delivery => new DeliveryRow(
        delivery.Id,
        delivery.EndpointId,
        db.WebhookEndpoints.IgnoreQueryFilters(new[] { WebhookEndpointConfiguration.NotDeletedFilter }).Where(endpoint => endpoint.Id == delivery.EndpointId).Select(endpoint => endpoint.Url).FirstOrDefault() ?? "",
        delivery.EventId,
        db.Events.Where(row => row.Id == delivery.EventId).Select(row => row.ExternalId).FirstOrDefault(),
        delivery.EventType,
        delivery.Status,
        delivery.Trigger,
        delivery.AttemptCount,
        delivery.CreatedAt,
        delivery.CompletedAt,
        delivery.NextAttemptAt,
        delivery.ResponseStatus,
        delivery.Error,
        delivery.OrderingKey,
        delivery.IsBlocking,
        delivery.NextAttemptAt == null ? null : db.WebhookEndpoints.Where(endpoint => endpoint.Id == delivery.EndpointId).Select(endpoint => endpoint.CircuitOpenUntil).FirstOrDefault());

    // The endpoint may have subscribed to the type under another name since.
    private static string? NameOf(AttemptRow attempt)
    {
        using var headers = JsonDocument.Parse(attempt.RequestHeaders);
        return headers.RootElement.TryGetProperty(WebhookHeaders.EventName, out var name) ? name.GetString() : null;
    }

    private static async Task<Dictionary<Guid, BodySource>> BodiesAsync(IntegrationsDbContext db, IReadOnlyList<DeliveryRow> rows, CancellationToken cancellationToken)
    {
        var eventIds = rows.Select(row => row.EventId).Distinct().ToList();
        var endpointIds = rows.Select(row => row.EndpointId).Distinct().ToList();
        var events = await db.Events.Where(row => eventIds.Contains(row.Id)).Select(row => new { row.Id, row.Type, row.Timestamp, row.Data })
            .ToDictionaryAsync(row => row.Id, cancellationToken);
        var endpoints = await db.WebhookEndpoints.IgnoreQueryFilters([WebhookEndpointConfiguration.NotDeletedFilter])
            .Where(endpoint => endpointIds.Contains(endpoint.Id)).Select(endpoint => new { endpoint.Id, endpoint.Events })
            .ToDictionaryAsync(endpoint => endpoint.Id, endpoint => new Subscriptions(endpoint.Events), cancellationToken);
        Dictionary<Guid, BodySource> bodies = new(rows.Count);
        foreach (var row in rows)
        {
            if (events.TryGetValue(row.EventId, out var source))
            {
                var name = endpoints.TryGetValue(row.EndpointId, out var subscriptions) ? subscriptions.NameFor(source.Type) : source.Type;
                bodies[row.Id] = new BodySource(row.EventPublicId, source.Type, name, source.Timestamp, source.Data);
            }
        }

        return bodies;
    }

    // That a try is under way is stored nowhere.
    private DeliveryRow Shown(DeliveryRow row)
    {
        if (row.NextAttemptAt is not { } due)
        {
            return row;
        }

        if (underWay.Contains(row.Id))
        {
            return row with { Status = DeliveryStatus.Delivering, NextAttemptAt = null, CircuitOpenUntil = null };
        }

        var now = clock.UtcNow;
        if (due == WebhookDelivery.Urgent)
        {
            return row with { NextAttemptAt = clock.ToWall(now), CircuitOpenUntil = null };
        }

        var open = row.CircuitOpenUntil > due && row.CircuitOpenUntil > now ? row.CircuitOpenUntil : null;
        return row with { NextAttemptAt = clock.ToWall(open ?? due), CircuitOpenUntil = open is { } until ? clock.ToWall(until) : null };
    }

    /// <param name="Name">The type as the endpoint subscribes to it now.</param>
    private sealed record BodySource(string Id, string Type, string Name, DateTimeOffset Timestamp, byte[] Data)
    {
        // Tries of a delivery share theirs: they may be many, and bodies large.
        private readonly Dictionary<string, byte[]> _built = new(StringComparer.Ordinal);

        public byte[] Build(string? name = null)
        {
            name ??= Name;
            return _built.TryGetValue(name, out var body) ? body : _built[name] = WebhookBody.Build(Id, Type, name, Timestamp, Data);
        }
    }
}
