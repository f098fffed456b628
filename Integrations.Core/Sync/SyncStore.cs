using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Sync;

/// <summary>Takes runs for this node, and writes how far they are. Whatever a run writes goes through <see cref="StepAsync"/>, which holds only while the run is this node's.</summary>
internal sealed class SyncStore(IGroupWriter writer, HubDbContextFactory contexts, DatabaseClock clock, IOptions<SyncOptions> options, TimeProvider time)
{
    private const string TakeSql =
        """
        UPDATE "SyncRuns" SET "LeaseOwner" = $1, "LeaseUntil" = $2, "Status" = 1, "StartedAt" = COALESCE("StartedAt", $3), "ProgressAt" = $3
        WHERE "Id" IN (SELECT "Id" FROM "SyncRuns" WHERE "Status" < 2 AND ("LeaseUntil" IS NULL OR "LeaseUntil" < $4) ORDER BY "Id" LIMIT $5
        """;

    // A wait for a provider may be longer than the lease; what this node works on stays its own.
    private const string KeepSql = """UPDATE "SyncRuns" SET "LeaseUntil" = $1 WHERE "LeaseOwner" = $2 AND "Status" = 1""";

    private const string TakenSql = """SELECT "Id" FROM "SyncRuns" WHERE "Status" = 1 AND "LeaseOwner" = $1""";

    private const string HoldSql = """UPDATE "SyncRuns" SET "LeaseUntil" = $1, "ProgressAt" = $2 WHERE "Id" = $3 AND "LeaseOwner" = $4 AND "Status" = 1""";

    private const string CancelledSql = """SELECT CASE WHEN "IsCancelRequested" THEN 1 ELSE 0 END FROM "SyncRuns" WHERE "Id" = $1""";

    private const string PartSql =
        """
        UPDATE "SyncParts" SET "Status" = $1, "Cursor" = $2, "Newest" = $3, "Total" = $4, "Processed" = $5, "Created" = $6, "Updated" = $7, "Unchanged" = $8, "Deleted" = $9, "Failed" = $10,
          "Conflicts" = $11, "Calls" = $12, "Error" = $13, "Since" = $14, "Generation" = $15
        WHERE "RunId" = $16 AND "DataType" = $17 AND "Direction" = $18
        """;

    private const string IssueSql =
        """
        INSERT INTO "SyncIssues" ("Id", "OrganizationId", "RunId", "Kind", "DataType", "Direction", "ExternalId", "RecordId", "Name", "Message", "Payload", "RemoteVersion", "At")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private const string OutUntilSql =
        """
        INSERT INTO "SyncStates" ("ConnectionId", "DataType", "OrganizationId", "OutUntil", "PendingDeletes", "PendingGeneration") VALUES ($1, $2, $3, $4, 0, 0)
        ON CONFLICT ("ConnectionId", "DataType") DO UPDATE SET
          "OutUntil" = CASE WHEN "SyncStates"."MappedAt" >= $5 THEN "SyncStates"."OutUntil" ELSE excluded."OutUntil" END
        """;

    private const string ReleaseSql = """UPDATE "SyncRuns" SET "LeaseUntil" = NULL WHERE "LeaseOwner" = $1 AND "Status" = 1""";

    private const string ReleaseAllSql = """UPDATE "SyncRuns" SET "LeaseUntil" = NULL WHERE "Status" = 1""";

    private const string EndSql =
        """
        UPDATE "SyncRuns" SET "Status" = $1, "Error" = $2, "CompletedAt" = $3, "ProgressAt" = $3, "LeaseOwner" = NULL, "LeaseUntil" = NULL
        WHERE "Id" = $4 AND "LeaseOwner" = $5 AND "Status" = 1
        """;

    private TimeSpan Lease => TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    /// <summary>Keeps the runs that this node has, and takes others that wait or whose node is gone.</summary>
    public Task<List<Guid>> TakeAsync(string owner, int most, IReadOnlyCollection<Guid> held, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var now = clock.UtcNow;
            await session.ExecuteAsync(KeepSql, bind => bind.Add(now + Lease).Add(owner));
            await session.ExecuteAsync(
                $"{TakeSql} {session.ForUpdateSkipLocked})", bind => bind.Add(owner).Add(now + Lease).Add(time.GetUtcNow()).Add(now).Add((long)most));
            return (await session.QueryAsync(TakenSql, bind => bind.Add(owner), static row => row.Guid())).FindAll(id => !held.Contains(id));
        },
        cancellationToken);

    /// <summary>Does work of a run in one transaction with its part's progress.</summary>
    /// <exception cref="SyncLostException">The run is no longer this node's; nothing was written.</exception>
    /// <exception cref="SyncCancelledException">Somebody cancelled it; nothing was written.</exception>
    public async Task StepAsync(SyncWork run, SyncPart? part, Func<WriteSession, ValueTask> work, CancellationToken cancellationToken) => await writer.WriteAsync(
        async session =>
        {
            if (await session.ExecuteAsync(HoldSql, bind => bind.Add(clock.UtcNow + Lease).Add(time.GetUtcNow()).Add(run.Run.Id).Add(run.Owner)) == 0)
            {
                throw new SyncLostException();
            }

            if ((await session.QueryAsync(CancelledSql, bind => bind.Add(run.Run.Id), static row => row.Int64())) is [1])
            {
                throw new SyncCancelledException();
            }

            await work(session);
            if (part is not null)
            {
                await SaveAsync(session, part);
            }

            session.SignalAfterCommit(new HubSignal(HubSignalKind.SyncsChanged, run.Organization));
            return true;
        },
        cancellationToken);

    public static async ValueTask SaveAsync(WriteSession session, SyncPart part) => await session.ExecuteAsync(PartSql, bind => bind
        .Add((long)part.Status).Add(part.Cursor).Add(part.Newest).Add((long?)part.Total).Add((long)part.Processed).Add((long)part.Created).Add((long)part.Updated).Add((long)part.Unchanged)
        .Add((long)part.Deleted).Add((long)part.Failed).Add((long)part.Conflicts).Add((long)part.Calls).Add(part.Error).Add(part.Since).Add(part.Generation)
        .Add(part.RunId).Add(part.DataType).Add((long)part.Direction));

    /// <summary>Notes how far the hub's changes went out.</summary>
    public static async ValueTask SetOutUntilAsync(WriteSession session, SyncWork work, SyncPart part, DateTimeOffset until) => await session.ExecuteAsync(
        OutUntilSql, bind => bind.Add(work.Connection.Id).Add(part.DataType).Add(work.Organization).Add(until).Add(work.Run.CreatedAt));

    public static ValueTask AddIssuesAsync(WriteSession session, IReadOnlyList<SyncIssue> issues) => session.ExecuteManyAsync(IssueSql, issues, static (bind, issue) => bind
        .Add(issue.Id).Add(issue.OrganizationId).Add(issue.RunId).Add((long)issue.Kind).Add(issue.DataType).Add((long)issue.Direction).Add(issue.ExternalId).Add(issue.RecordId)
        .Add(issue.Name).Add(issue.Message).Add(issue.Payload).Add(issue.RemoteVersion).Add(issue.At));

    /// <summary>Writes the end of a run, together with what tells of it.</summary>
    /// <returns>False when it is no longer this node's.</returns>
    public Task<bool> EndAsync(SyncRun run, string owner, IReadOnlyList<SyncPart> parts, Func<WriteSession, ValueTask> tell, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            var ended = await session.ExecuteAsync(EndSql, bind => bind.Add((long)run.Status).Add(run.Error).Add(time.GetUtcNow()).Add(run.Id).Add(owner)) > 0;
            if (ended)
            {
                foreach (var part in parts)
                {
                    await SaveAsync(session, part);
                }

                await tell(session);
                session.SignalAfterCommit(new HubSignal(HubSignalKind.SyncsChanged, run.OrganizationId));
            }

            return ended;
        },
        cancellationToken);

    public async Task<(SyncRun Run, List<SyncPart> Parts)> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Security.Actor.System("sync"));
        var run = await db.SyncRuns.AsNoTracking().FirstAsync(row => row.Id == id, cancellationToken);
        var parts = await db.SyncParts.AsNoTracking().Where(part => part.RunId == id).OrderBy(part => part.Position).ToListAsync(cancellationToken);
        return (run, parts);
    }

    /// <summary>Lets others go on at once with what this node has.</summary>
    public Task ReleaseAsync(string owner, CancellationToken cancellationToken) => writer.WriteAsync(session => session.ExecuteAsync(ReleaseSql, bind => bind.Add(owner)), cancellationToken);

    /// <summary>Gives up what a hub that was killed had. Only where no other node can have anything.</summary>
    public Task ReleaseAllAsync(CancellationToken cancellationToken) => writer.WriteAsync(session => session.ExecuteAsync(ReleaseAllSql, static _ => { }), cancellationToken);
}
