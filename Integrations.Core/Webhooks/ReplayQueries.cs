using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Replays;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>Reads replays and how far they are.</summary>
public sealed class ReplayQueries(HubDbContextFactory contexts, TimeProvider time)
{
    private const string What = "The webhook endpoint";

    /// <summary>The replays of an endpoint, newest first.</summary>
    /// <exception cref="Refusal">No such endpoint.</exception>
    public async Task<Page<ReplayRow>> ListAsync(Actor actor, Guid endpointId, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken) ?? throw Refusal.NotFound(What);
        var replays = await db.WebhookReplays.AsNoTracking().Where(replay => replay.EndpointId == endpointId).ToPageAsync(page, replay => replay, replay => replay.Id, cancellationToken);
        return new Page<ReplayRow>(await DescribeAsync(db, replays.Rows, endpoint, cancellationToken), replays.NextCursor);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<ReplayRow> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var replay = await db.WebhookReplays.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The replay");
        var endpoint = await db.WebhookEndpoints.IgnoreQueryFilters([WebhookEndpointConfiguration.NotDeletedFilter]).AsNoTracking()
            .FirstAsync(row => row.Id == replay.EndpointId, cancellationToken);
        return (await DescribeAsync(db, [replay], endpoint, cancellationToken))[0];
    }

    /// <summary>How many deliveries a replay would send again.</summary>
    /// <exception cref="Refusal">Malformed, or no such endpoint.</exception>
    public async Task<ReplayCount> CountAsync(Actor actor, Guid endpointId, ReplayInput input, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken) ?? throw Refusal.NotFound(What);
        return await ReplayCounter.CountAsync(db, endpoint, await ReplayChoice.CheckAsync(db, input, time.GetUtcNow(), cancellationToken), cancellationToken);
    }

    private async Task<List<ReplayRow>> DescribeAsync(IntegrationsDbContext db, IReadOnlyList<WebhookReplay> replays, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var ids = replays.Select(replay => (Guid?)replay.Id).ToList();
        var counted = await db.WebhookDeliveries.Where(delivery => delivery.ReplayId != null && ids.Contains(delivery.ReplayId))
            .GroupBy(delivery => new { delivery.ReplayId, delivery.Status }).Select(group => new { group.Key.ReplayId, group.Key.Status, Count = group.Count() })
            .ToListAsync(cancellationToken);
        var counts = counted.ToDictionary(group => (group.ReplayId!.Value, group.Status), group => group.Count);
        var now = time.GetUtcNow();
        return [.. replays.Select(replay => ReplayRow.Describe(replay, endpoint, status => counts.GetValueOrDefault((replay.Id, status)), now))];
    }
}
