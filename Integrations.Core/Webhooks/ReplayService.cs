using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Replays;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>Starts replays and steers them.</summary>
public sealed class ReplayService
{
    private const string What = "The replay";
    private const string SwitchedOff = "The webhook endpoint is switched off. Switch it on first.";

    private readonly HubDbContextFactory _contexts;
    private readonly ReplayStore _store;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    public ReplayService(HubDbContextFactory contexts, IGroupWriter writer, DeliveriesUnderWay underWay, DatabaseClock clock, AuditLog audit, TimeProvider time)
    {
        _contexts = contexts;
        _store = new ReplayStore(writer, underWay, clock, time);
        _audit = audit;
        _time = time;
    }

    /// <summary>Starts a replay. One that matches nothing ends at once.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="Refusal">Malformed; no such endpoint; the endpoint is off; or it has a replay that has not ended, which is named.</exception>
    public async Task<Guid> StartAsync(Actor actor, Guid endpointId, ReplayInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = _contexts.Create(actor);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == endpointId, cancellationToken) ?? throw Refusal.NotFound("The webhook endpoint");
        var now = _time.GetUtcNow();
        var choice = await ReplayChoice.CheckAsync(db, input, now, cancellationToken);
        if (!endpoint.IsActive)
        {
            throw Refusal.Unprocessable(null, SwitchedOff);
        }

        var count = await ReplayCounter.CountAsync(db, endpoint, choice, cancellationToken);
        var isEmpty = count is { Matched: 0, IsWhole: true };
        var replay = new WebhookReplay
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organization,
            EndpointId = endpointId,
            From = choice.From,
            To = choice.To,
            Target = choice.Target,
            EventTypes = [.. choice.EventTypes],
            RatePerSecond = choice.RatePerSecond,
            Status = isEmpty ? ReplayStatus.Completed : ReplayStatus.Running,
            Total = count.Matched,
            Cursor = TimeOrderedId.LowestAt(choice.From),
            CreatedBy = actor.Name,
            CreatedAt = now,
            CompletedAt = isEmpty ? now : null,
        };
        var chosen = new { Status = ReplayInput.Word(choice.Target), choice.From, choice.To, choice.EventTypes, choice.RatePerSecond, replay.Total };
        if (await _store.AddAsync(replay, Note(actor, organization, replay.Id, "replay.started", endpoint.Url, chosen), cancellationToken) is { } unended)
        {
            throw Refusal.Conflict(null, $"The replay {PublicId.Format(PublicId.Replay, unended)} of this endpoint has not ended. Wait until it has, or cancel it.");
        }

        return replay.Id;
    }

    /// <summary>Pauses a replay: nothing more goes into the queue. What is in it already is still sent.</summary>
    /// <exception cref="Refusal">Not there, or it has ended.</exception>
    public async Task PauseAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = _contexts.Create(actor);
        var (_, endpoint) = await FindAsync(db, id, cancellationToken);
        if (!await _store.PauseAsync(organization, id, Note(actor, organization, id, "replay.paused", endpoint.Url), cancellationToken))
        {
            await DemandAsync(db, id, ReplayStatus.Paused, cancellationToken);
        }
    }

    /// <exception cref="Refusal">Not there; it has ended; or its endpoint is off.</exception>
    public async Task ResumeAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = _contexts.Create(actor);
        var (replay, endpoint) = await FindAsync(db, id, cancellationToken);
        if (replay.Status == ReplayStatus.Paused && !endpoint.IsActive)
        {
            throw Refusal.Unprocessable(null, SwitchedOff);
        }

        if (!await _store.ResumeAsync(organization, id, Note(actor, organization, id, "replay.resumed", endpoint.Url), cancellationToken))
        {
            await DemandAsync(db, id, ReplayStatus.Running, cancellationToken);
        }
    }

    /// <summary>Cancels a replay: what was not reached stays as it was; what waits in the queue for its first try is discarded.</summary>
    /// <exception cref="Refusal">Not there, or it is completed.</exception>
    public async Task CancelAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = _contexts.Create(actor);
        var (_, endpoint) = await FindAsync(db, id, cancellationToken);
        if (!await _store.CancelAsync(organization, id, Note(actor, organization, id, "replay.cancelled", endpoint.Url), cancellationToken))
        {
            await DemandAsync(db, id, ReplayStatus.Cancelled, cancellationToken);
        }
    }

    private static async Task<(WebhookReplay Replay, WebhookEndpoint Endpoint)> FindAsync(IntegrationsDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var replay = await db.WebhookReplays.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound(What);
        // A replay outlives its endpoint.
        var endpoint = await db.WebhookEndpoints.IgnoreQueryFilters([WebhookEndpointConfiguration.NotDeletedFilter]).AsNoTracking()
            .FirstAsync(row => row.Id == replay.EndpointId, cancellationToken);
        return (replay, endpoint);
    }

    // Nothing was changed: fine when it stands so already, whoever did it.
    private static async Task DemandAsync(IntegrationsDbContext db, Guid id, ReplayStatus wanted, CancellationToken cancellationToken)
    {
        var status = await db.WebhookReplays.Where(row => row.Id == id).Select(row => row.Status).FirstAsync(cancellationToken);
        if (status != wanted)
        {
            throw Refusal.Conflict(null, $"The replay is {status.ToString().ToLowerInvariant()}.");
        }
    }

    private Func<WriteSession, ValueTask> Note(Actor actor, Guid organization, Guid id, string action, string url, object? after = null) =>
        session => _audit.AddAsync(session, actor, organization, action, PublicId.Format(PublicId.Replay, id), url, null, after);
}
