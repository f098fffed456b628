using System.Text.Json;
using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Sync;

/// <summary>What a sync is asked to do; null members take what the connection is set to.</summary>
/// <param name="DataTypes">The connector's names.</param>
public sealed record SyncInput(SyncType? Type = null, IReadOnlyList<string>? DataTypes = null, SyncDirections? Direction = null);

/// <summary>A run that waits to be taken up.</summary>
public sealed record StartedSync(Guid Id, DateTimeOffset CreatedAt);

/// <summary>Starts sync runs and steers them.</summary>
public sealed class SyncService
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly HubDbContextFactory _contexts;
    private readonly ConnectorCatalog _catalog;
    private readonly MissingRows _missing;
    private readonly AuditLog _audit;
    private readonly IOptions<SyncOptions> _options;
    private readonly TimeProvider _time;
    private readonly IGroupWriter _writer;

    public SyncService(
        HubDbContextFactory contexts, ConnectorCatalog catalog, IGroupWriter writer, EventPublisher publisher, DatabaseClock clock, AuditLog audit, IOptions<SyncOptions> options, TimeProvider time)
    {
        (_contexts, _catalog, _audit, _options, _time, _writer) = (contexts, catalog, audit, options, time, writer);
        _missing = new MissingRows(new SyncStore(writer, contexts, clock, options, time), new RecordStore(new RecordEvents(publisher), time), writer, time);
    }

    /// <summary>Queues a run.</summary>
    /// <exception cref="Refusal">
    /// Not there; not connected; nothing to sync by what was asked; too many starts; or <see cref="RefusalKind.Conflict"/> while another run has not ended, whose id is the fault's field.
    /// </exception>
    public async Task<StartedSync> StartAsync(Actor actor, Guid connectionId, SyncInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.SyncWrite);
        await using var db = _contexts.Create(actor);
        var (connection, connector) = await FindAsync(db, connectionId, cancellationToken);
        var parts = SyncPlan.Choose(connector, connection, input);
        return await QueueAsync(db, actor, organization, connection, input.Type ?? SyncType.Incremental, null, parts, cancellationToken);
    }

    /// <summary>Queues a run for the records that failed in an earlier one.</summary>
    /// <exception cref="Refusal">Not there; nothing failed; or another run has not ended.</exception>
    public async Task<StartedSync> RetryFailedAsync(Actor actor, Guid runId, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.SyncWrite);
        await using var db = _contexts.Create(actor);
        var run = await db.SyncRuns.AsNoTracking().FirstOrDefaultAsync(row => row.Id == runId, cancellationToken) ?? throw Refusal.NotFound("The sync run");
        var (connection, _) = await FindAsync(db, run.ConnectionId, cancellationToken);
        var failed = await db.SyncIssues.Where(issue => issue.RunId == runId && issue.Kind == SyncIssueKind.Error && issue.ResolvedAt == null)
            .Select(issue => new { issue.DataType, issue.Direction }).Distinct().ToListAsync(cancellationToken);
        if (failed.Count == 0)
        {
            throw Refusal.Unprocessable(null, "No record of this run is left to try again.");
        }

        return await QueueAsync(db, actor, organization, connection, SyncType.Retry, runId, [.. failed.Select(part => (part.DataType, part.Direction))], cancellationToken);
    }

    /// <summary>Asks a run to stop after the lot that it is at. One that nobody has taken up yet ends at once.</summary>
    /// <exception cref="Refusal">Not there, or it has ended.</exception>
    public async Task CancelAsync(Actor actor, Guid runId, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.SyncWrite);
        await using var db = _contexts.Create(actor);
        var now = _time.GetUtcNow();
        var cancelled = await db.SyncRuns.Where(run => run.Id == runId && run.Status == SyncStatus.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.Status, SyncStatus.Cancelled).SetProperty(run => run.CompletedAt, now), cancellationToken)
            + await db.SyncRuns.Where(run => run.Id == runId && run.Status == SyncStatus.Running).ExecuteUpdateAsync(set => set.SetProperty(run => run.IsCancelRequested, true), cancellationToken);
        if (cancelled == 0)
        {
            var status = await db.SyncRuns.Where(run => run.Id == runId).Select(run => (SyncStatus?)run.Status).FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("The sync run");
            throw Refusal.Conflict(null, $"The sync run is {status.ToString().ToLowerInvariant()} already.");
        }

        var provider = await db.SyncRuns.Where(run => run.Id == runId).Select(run => run.Provider).FirstAsync(cancellationToken);
        _audit.Add(db, actor, organization, "sync.cancelled", PublicId.Format(PublicId.SyncRun, runId), provider, null, null);
        await db.SaveChangesAsync(cancellationToken);
        await SignalAsync(organization, HubSignalKind.SyncsChanged);
    }

    /// <summary>Says what becomes of the records that a full pass did not find any more.</summary>
    /// <returns>How many records were deleted.</returns>
    /// <exception cref="Refusal">Not there, or nothing waits.</exception>
    public async Task<int> DecideDeletesAsync(Actor actor, Guid connectionId, string dataType, bool delete, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.SyncWrite);
        await using var db = _contexts.Create(actor);
        var (connection, connector) = await FindAsync(db, connectionId, cancellationToken);
        if (dataType.Length == 0)
        {
            throw Refusal.Invalid("dataType", "Name the data type whose deletes wait, such as contacts.");
        }

        var state = await db.SyncStates.AsNoTracking().FirstOrDefaultAsync(row => row.ConnectionId == connectionId && row.DataType == dataType && row.PendingDeletes > 0, cancellationToken)
            ?? throw Refusal.Unprocessable("dataType", $"No deletes of {dataType} wait for a decision.");
        var recordType = connector.DataTypes.First(type => type.Name == dataType).RecordType;
        var deleted = delete
            ? await _missing.ApproveAsync(organization, new RecordOccasion(connection.Provider, actor.Name, null, IsBulk: true), state, recordType, cancellationToken)
            : 0;
        if (!delete)
        {
            await _missing.ForgetAsync(state, cancellationToken);
        }

        _audit.Add(
            db, actor, organization, delete ? "sync.deletes_approved" : "sync.deletes_rejected", PublicId.Format(PublicId.Connection, connectionId), connection.Name, null,
            new { dataType, state.PendingDeletes, deleted });
        await db.SaveChangesAsync(cancellationToken);
        return deleted;
    }

    /// <summary>Sets the mapping of a data type of a connection.</summary>
    /// <param name="mapping">Null to go back to the connector's own.</param>
    /// <exception cref="Refusal">Not there, or not well-formed.</exception>
    public async Task SetMappingAsync(Actor actor, Guid connectionId, string dataType, IReadOnlyList<FieldMapping>? mapping, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.SyncWrite);
        await using var db = _contexts.Create(actor);
        var (connection, connector) = await FindAsync(db, connectionId, cancellationToken);
        var type = connector.DataTypes.FirstOrDefault(known => known.Name == dataType && known.Mapping.Count > 0) ?? throw Refusal.NotFound("The data type");
        if (mapping is not null)
        {
            FieldMappings.Check(type, mapping);
        }

        var text = mapping is null ? null : FieldMappings.ToText(mapping);
        var state = await db.SyncStates.FirstOrDefaultAsync(row => row.ConnectionId == connectionId && row.DataType == dataType, cancellationToken);
        if (state is null)
        {
            state = new SyncState { ConnectionId = connectionId, DataType = dataType, OrganizationId = organization };
            db.SyncStates.Add(state);
        }

        // Rows are compared by what the mapping reads of them, so all are looked at again with the new one.
        (state.Mapping, state.MappedAt, state.InUntil, state.OutUntil) = (text, _time.GetUtcNow(), null, null);
        _audit.Add(
            db, actor, organization, mapping is null ? "sync.mapping_reset" : "sync.mapping_changed", PublicId.Format(PublicId.Connection, connectionId), connection.Name, null,
            new { dataType, Fields = mapping?.Count });
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<(Connection Connection, Connector Connector)> FindAsync(IntegrationsDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var connection = await db.Connections.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The connection");
        var connector = _catalog.Find(connection.Provider) ?? throw Refusal.Unprocessable(null, $"The hub no longer knows the provider {connection.Provider}.");
        return connection.Credential is null || connection.Status is ConnectionStatus.Pending or ConnectionStatus.Disconnected
            ? throw Refusal.Unprocessable(null, $"{connection.Name} is not connected.")
            : (connection, connector);
    }

    private async Task<StartedSync> QueueAsync(
        IntegrationsDbContext db, Actor actor, Guid organization, Connection connection, SyncType type, Guid? retryOf, IReadOnlyList<(string DataType, SyncDirections Direction)> parts,
        CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (await UnendedAsync(db, connection.Id, cancellationToken) is { } unended)
        {
            throw RunsAlready(unended);
        }

        if (actor.Kind != ActorKind.System)
        {
            await CountAsync(db, connection.Id, now, cancellationToken);
        }

        var run = new SyncRun
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organization,
            ConnectionId = connection.Id,
            Provider = connection.Provider,
            Type = type,
            RetryOf = retryOf,
            StartedBy = actor.Name,
            CreatedAt = now,
        };
        db.SyncRuns.Add(run);
        db.SyncParts.AddRange(parts.Select((part, position) => new SyncPart
        {
            RunId = run.Id,
            DataType = part.DataType,
            Direction = part.Direction,
            OrganizationId = organization,
            Position = position,
        }));
        _audit.Add(
            db, actor, organization, "sync.started", PublicId.Format(PublicId.SyncRun, run.Id), connection.Name, null,
            new { Type = type, Parts = parts.Select(part => $"{part.DataType} {part.Direction}").ToArray() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody else started one in the same moment.
            throw RunsAlready(await UnendedAsync(db, connection.Id, cancellationToken) ?? Guid.Empty);
        }

        await SignalAsync(organization, HubSignalKind.SyncsQueued, HubSignalKind.SyncsChanged);
        return new StartedSync(run.Id, now);
    }

    private async Task CountAsync(IntegrationsDbContext db, Guid connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (most, since) = (_options.Value.MaxStartsPerMinute, TimeOrderedId.LowestAt(now - _minute));
        var starts = await db.SyncRuns.Where(run => run.ConnectionId == connection && run.Id.CompareTo(since) >= 0).OrderBy(run => run.Id).Select(run => run.CreatedAt).ToListAsync(cancellationToken);
        if (starts.Count >= most)
        {
            var wait = starts[starts.Count - most] + _minute - now;
            throw Refusal.TooMany($"A sync of a connection may be started {most} times a minute. Try again in a moment.", wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1));
        }
    }

    // Through the writer, so that the nodes beside this one hear it too.
    private Task SignalAsync(Guid organization, params HubSignalKind[] kinds) => _writer.WriteAsync(
        session =>
        {
            foreach (var kind in kinds)
            {
                session.SignalAfterCommit(new HubSignal(kind, organization));
            }

            return ValueTask.FromResult(true);
        },
        CancellationToken.None);

    private static Refusal RunsAlready(Guid id)
    {
        var run = PublicId.Format(PublicId.SyncRun, id);
        return Refusal.Conflict("syncId", $"The sync {run} of this connection has not ended. Wait until it has, or cancel it.", run);
    }

    private static async Task<Guid?> UnendedAsync(IntegrationsDbContext db, Guid connection, CancellationToken cancellationToken) =>
        await db.SyncRuns.Where(run => run.ConnectionId == connection && run.Status < SyncStatus.Completed).Select(run => (Guid?)run.Id).FirstOrDefaultAsync(cancellationToken);
}
