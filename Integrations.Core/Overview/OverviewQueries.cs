using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Overview;

/// <summary>A webhook endpoint as the overview counts it.</summary>
/// <param name="Failed">Deliveries of the last <see cref="OverviewQueries.Window"/> whose tries are used up; at most <see cref="OverviewQueries.MaxCount"/>.</param>
/// <param name="Waiting">Deliveries that will be tried yet; at most <see cref="OverviewQueries.MaxCount"/>.</param>
public sealed record EndpointSummary(Guid Id, string Url, string Description, bool IsActive, string? DisabledReason, DateTimeOffset? DisabledAt, int Failed, int Waiting);

/// <summary>A connection as the overview shows it.</summary>
public sealed record ConnectionSummary(string Provider, string Name, ConnectionStatus Status, string? StatusReason, DateTimeOffset StatusSince);

/// <summary>A connection's newest sync, where it went ill.</summary>
public sealed record SyncSummary(Guid RunId, string Provider, string Name, SyncStatus Status, string? Error, DateTimeOffset? CompletedAt);

/// <summary>How an organization fares.</summary>
/// <param name="Connections">All but those that were disconnected or never made; at most one for each provider.</param>
/// <param name="TroubledSyncs">Of connections that are not disconnected: newest runs that failed or left something out.</param>
/// <param name="RecentEvents">Events of the last <see cref="OverviewQueries.Window"/>; at most <see cref="OverviewQueries.MaxCount"/>.</param>
/// <param name="HasKey">Whether there is an API key that is not revoked.</param>
/// <param name="HasEvent">Whether an event was ever published.</param>
public sealed record OrganizationOverview(
    IReadOnlyList<EndpointSummary> Endpoints, IReadOnlyList<ConnectionSummary> Connections, IReadOnlyList<SyncSummary> TroubledSyncs, int RecentEvents, bool HasKey, bool HasEvent);

/// <summary>What the first page tells. Every count ends at <see cref="MaxCount"/>, so that the page costs the same with ten million rows.</summary>
public sealed class OverviewQueries(HubDbContextFactory contexts, TimeProvider time)
{
    public const int MaxCount = 10_000;

    private const int MaxEndpoints = 200;

    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public async Task<OrganizationOverview> GetAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        var organization = actor.Demand(Permission.EventsRead);
        await using var db = contexts.Create(actor);
        var lowest = TimeOrderedId.LowestAt(time.GetUtcNow() - Window);
        var endpoints = await db.WebhookEndpoints.Where(endpoint => endpoint.OrganizationId == organization).OrderByDescending(endpoint => endpoint.Id).Take(MaxEndpoints)
            .Select(endpoint => new EndpointSummary(
                endpoint.Id,
                endpoint.Url,
                endpoint.Description,
                endpoint.IsActive,
                endpoint.DisabledReason,
                endpoint.DisabledAt,
                // "Not delivered" says nothing new, but only with it SQLite takes the index of deliveries that are not.
                db.WebhookDeliveries.Where(row => row.EndpointId == endpoint.Id && row.Status != DeliveryStatus.Delivered && row.Status == DeliveryStatus.Failed && row.Id >= lowest)
                    .OrderByDescending(row => row.Id).Take(MaxCount).Count(),
                db.WebhookDeliveries.Where(row => row.EndpointId == endpoint.Id && row.NextAttemptAt != null).OrderBy(row => row.NextAttemptAt).Take(MaxCount).Count()))
            .ToListAsync(cancellationToken);
        var connections = await db.Connections.Where(row => row.OrganizationId == organization && row.Status != ConnectionStatus.Disconnected && row.Status != ConnectionStatus.Pending)
            .OrderBy(row => row.Provider).Select(row => new ConnectionSummary(row.Provider, row.Name, row.Status, row.StatusReason, row.StatusSince)).ToListAsync(cancellationToken);
        var syncs = await db.Connections.Where(row => row.OrganizationId == organization && row.Status != ConnectionStatus.Disconnected && row.Status != ConnectionStatus.Pending)
            .Select(row => new { row.Name, Last = db.SyncRuns.Where(run => run.ConnectionId == row.Id && run.Status >= SyncStatus.Completed).OrderByDescending(run => run.Id).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        // The tenant filter alone leaves the index of the organization's events unused, and other organizations may have millions.
        var events = db.Events.Where(row => row.OrganizationId == organization);
        var recent = await events.Where(row => row.Id >= lowest).OrderByDescending(row => row.Id).Take(MaxCount).CountAsync(cancellationToken);
        return new OrganizationOverview(
            endpoints,
            connections,
            [.. syncs.Where(row => row.Last?.Status is SyncStatus.Failed or SyncStatus.Partial)
                .Select(row => new SyncSummary(row.Last!.Id, row.Last.Provider, row.Name, row.Last.Status, row.Last.Error, row.Last.CompletedAt)).OrderBy(row => row.Status == SyncStatus.Partial)],
            recent,
            await db.ApiKeys.AnyAsync(key => key.RevokedAt == null, cancellationToken),
            recent > 0 || await events.AnyAsync(cancellationToken));
    }
}
