using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Sync;

/// <summary>A run with its parts in their order.</summary>
public sealed record SyncRunRow(SyncRun Run, IReadOnlyList<SyncPart> Parts)
{
    public int Processed => Parts.Sum(part => part.Processed);

    /// <summary>Records that are in step after it.</summary>
    public int Synced => Parts.Sum(part => part.Created + part.Updated + part.Unchanged + part.Deleted);

    public int Failed => Parts.Sum(part => part.Failed);

    public int Conflicts => Parts.Sum(part => part.Conflicts);

    /// <summary>The part that it is at, or null.</summary>
    public SyncPart? Current => Parts.FirstOrDefault(part => part.Status == SyncPartStatus.Running);
}

/// <summary>Which runs to list; null members do not filter.</summary>
public sealed record SyncFilter(
    Guid? ConnectionId = null, string? Provider = null, IReadOnlyCollection<SyncStatus>? Statuses = null);

/// <summary>How a connection's syncs stand.</summary>
/// <param name="Last">The newest run, or null.</param>
/// <param name="LastEndedAt">When one ended last.</param>
public sealed record SyncStanding(SyncRun? Last, DateTimeOffset? LastEndedAt);

/// <summary>Deletes that wait for somebody's word.</summary>
public sealed record PendingDeletes(string DataType, int Count);

/// <summary>A data type's mapping on a connection.</summary>
/// <param name="IsOwn">Whether it departs from the connector's.</param>
public sealed record DataTypeMapping(ConnectorDataType DataType, RecordType RecordType, IReadOnlyList<FieldMapping> Fields, bool IsOwn);

/// <summary>Reads sync runs and what they tell.</summary>
public sealed class SyncQueries(HubDbContextFactory contexts, ConnectorCatalog catalog)
{
    public async Task<Page<SyncRunRow>> ListAsync(Actor actor, SyncFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        var runs = db.SyncRuns.AsNoTracking();
        runs = filter.ConnectionId is { } connection ? runs.Where(run => run.ConnectionId == connection) : runs;
        runs = filter.Provider is { } provider ? runs.Where(run => run.Provider == provider) : runs;
        runs = filter.Statuses is { } statuses ? runs.Where(run => statuses.Contains(run.Status)) : runs;
        var found = await runs.ToPageAsync(page, run => run, run => run.Id, cancellationToken);
        return new Page<SyncRunRow>(await WithPartsAsync(db, found.Rows, cancellationToken), found.NextCursor);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<SyncRunRow> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        var run = await db.SyncRuns.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The sync run");
        return (await WithPartsAsync(db, [run], cancellationToken))[0];
    }

    /// <summary>The newest run of a connection, or null.</summary>
    /// <exception cref="Refusal">There is no such connection.</exception>
    public async Task<SyncRunRow?> LastAsync(Actor actor, Guid connectionId, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        if (!await db.Connections.AnyAsync(row => row.Id == connectionId, cancellationToken))
        {
            throw Refusal.NotFound("The connection");
        }

        var run = await db.SyncRuns.AsNoTracking().Where(row => row.ConnectionId == connectionId).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return run is null ? null : (await WithPartsAsync(db, [run], cancellationToken))[0];
    }

    /// <summary>How the syncs of connections stand: two queries, however many there are.</summary>
    public async Task<IReadOnlyDictionary<Guid, SyncStanding>> StandingsAsync(Actor actor, IReadOnlyCollection<Guid> connections, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsRead);
        await using var db = contexts.Create(actor);
        var newest = await db.SyncRuns.Where(run => connections.Contains(run.ConnectionId)).GroupBy(run => run.ConnectionId)
            .Select(group => new { group.Key, Ended = group.Max(run => run.CompletedAt) }).ToListAsync(cancellationToken);
        var last = await db.Connections.Where(row => connections.Contains(row.Id))
            .Select(row => db.SyncRuns.Where(run => run.ConnectionId == row.Id).OrderByDescending(run => run.Id).FirstOrDefault()).ToListAsync(cancellationToken);
        return newest.ToDictionary(row => row.Key, row => new SyncStanding(last.Find(run => run?.ConnectionId == row.Key), row.Ended));
    }

    /// <exception cref="Refusal">There is no such run.</exception>
    public async Task<Page<SyncIssue>> IssuesAsync(Actor actor, Guid runId, SyncIssueKind? kind, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        if (!await db.SyncRuns.AnyAsync(run => run.Id == runId, cancellationToken))
        {
            throw Refusal.NotFound("The sync run");
        }

        var issues = db.SyncIssues.AsNoTracking().Where(issue => issue.RunId == runId);
        issues = kind is null ? issues : issues.Where(issue => issue.Kind == kind);
        return await issues.ToPageAsync(page, issue => issue, issue => issue.Id, cancellationToken);
    }

    /// <summary>How many of the records that a run could not sync no later run has dealt with.</summary>
    public async Task<int> UnresolvedAsync(Actor actor, Guid runId, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        return await db.SyncIssues.CountAsync(issue => issue.RunId == runId && issue.Kind == SyncIssueKind.Error && issue.ResolvedAt == null, cancellationToken);
    }

    /// <exception cref="Refusal">There is no such issue.</exception>
    public async Task<SyncIssue> IssueAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        return await db.SyncIssues.AsNoTracking().FirstOrDefaultAsync(issue => issue.Id == id, cancellationToken) ?? throw Refusal.NotFound("The record of this sync");
    }

    /// <summary>Deletes of a connection that wait for a decision.</summary>
    public async Task<IReadOnlyList<PendingDeletes>> PendingDeletesAsync(Actor actor, Guid connectionId, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        return await db.SyncStates.Where(state => state.ConnectionId == connectionId && state.PendingDeletes > 0).OrderBy(state => state.DataType)
            .Select(state => new PendingDeletes(state.DataType, state.PendingDeletes)).ToListAsync(cancellationToken);
    }

    /// <summary>The mappings of a connection's data types.</summary>
    /// <exception cref="Refusal">There is no such connection.</exception>
    public async Task<IReadOnlyList<DataTypeMapping>> MappingsAsync(Actor actor, Guid connectionId, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        await using var db = contexts.Create(actor);
        var provider = await db.Connections.Where(row => row.Id == connectionId).Select(row => row.Provider).FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("The connection");
        var own = await db.SyncStates.Where(state => state.ConnectionId == connectionId && state.Mapping != null)
            .ToDictionaryAsync(state => state.DataType, state => state.Mapping!, StringComparer.Ordinal, cancellationToken);
        return [.. (catalog.Find(provider)?.DataTypes ?? []).Where(type => type.Mapping.Count > 0).Select(type => new DataTypeMapping(
            type, RecordTypes.Find(type.RecordType)!, own.TryGetValue(type.Name, out var text) ? FieldMappings.Parse(text) : type.Mapping, own.ContainsKey(type.Name)))];
    }

    private static async Task<List<SyncRunRow>> WithPartsAsync(IntegrationsDbContext db, IReadOnlyList<SyncRun> runs, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. runs.Select(run => run.Id)];
        var parts = (await db.SyncParts.AsNoTracking().Where(part => ids.Contains(part.RunId)).ToListAsync(cancellationToken)).ToLookup(part => part.RunId);
        return [.. runs.Select(run => new SyncRunRow(run, [.. parts[run.Id].OrderBy(part => part.Position)]))];
    }
}
