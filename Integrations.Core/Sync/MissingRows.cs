using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Ends an inbound pass: notes how far it came, and lets go what a complete one did not find any more, unless that is so much that somebody has to say so.</summary>
internal sealed class MissingRows(SyncStore store, RecordStore records, IGroupWriter writer, TimeProvider time)
{
    private const int Lot = 500;

    private const string CountSql =
        """SELECT COUNT(*), COUNT(CASE WHEN "Generation" < $3 THEN 1 END) FROM "RecordLinks" WHERE "ConnectionId" = $1 AND "DataType" = $2""";

    private const string ListSql =
        """SELECT "ExternalId", "RecordId" FROM "RecordLinks" WHERE "ConnectionId" = $1 AND "DataType" = $2 AND "Generation" < $3 ORDER BY "ExternalId" LIMIT $4""";

    private const string SpareSql =
        """UPDATE "RecordLinks" SET "Generation" = $1 WHERE "ConnectionId" = $2 AND "DataType" = $3 AND "Generation" >= $4 AND "Generation" < $1""";

    private const string OtherLinksSql = """SELECT COUNT(*) FROM "RecordLinks" WHERE "RecordId" = $1""";

    private const string StateSql =
        """
        INSERT INTO "SyncStates" ("ConnectionId", "DataType", "OrganizationId", "InUntil", "FullAt", "PendingDeletes", "PendingGeneration") VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT ("ConnectionId", "DataType") DO UPDATE SET
          "InUntil" = CASE WHEN "SyncStates"."MappedAt" >= $8 THEN "SyncStates"."InUntil" ELSE excluded."InUntil" END, "FullAt" = COALESCE(excluded."FullAt", "SyncStates"."FullAt"),
          "PendingDeletes" = CASE WHEN excluded."PendingGeneration" > 0 THEN excluded."PendingDeletes" ELSE "SyncStates"."PendingDeletes" END,
          "PendingGeneration" = CASE WHEN excluded."PendingGeneration" > 0 THEN excluded."PendingGeneration" ELSE "SyncStates"."PendingGeneration" END
        """;

    private const string ClearSql = """UPDATE "SyncStates" SET "PendingDeletes" = 0 WHERE "ConnectionId" = $1 AND "DataType" = $2""";

    /// <param name="state">How it stood before the pass.</param>
    public async Task FinishAsync(SyncWork work, SyncPart part, SyncState? state, CancellationToken cancellationToken)
    {
        var (connection, pending) = (work.Connection.Id, 0);
        if (part.Generation > 0)
        {
            var mayMiss = work.DataType(part.DataType).MayMissRows;
            // What the complete pass before did not find either; after a first one there is none.
            var oldest = mayMiss ? Math.Min(state?.PendingGeneration ?? 0, part.Generation) : part.Generation;
            var (total, gone) = await CountAsync(connection, part.DataType, oldest, cancellationToken);
            pending = gone >= SyncLimits.DeletesWithoutAsking && gone * 100L > total * (long)SyncLimits.PercentWithoutAsking ? gone : 0;
            while (pending == 0 && gone > 0)
            {
                var (deleted, before) = (0, part.Deleted);
                await store.StepAsync(
                    work,
                    part,
                    async session =>
                    {
                        deleted = await DropAsync(session, work.Organization, work.Occasion, connection, part.DataType, work.MapperOf(part.DataType).Type.Name, oldest);
                        part.Deleted = before + deleted;
                    },
                    cancellationToken);
                gone = deleted < Lot ? 0 : gone;
            }

            if (mayMiss && pending > 0)
            {
                // Those that only this pass did not find are not among what waits for somebody's word.
                await store.StepAsync(
                    work, part, async session => await session.ExecuteAsync(SpareSql, bind => bind.Add(part.Generation).Add(connection).Add(part.DataType).Add(oldest)), cancellationToken);
            }
        }

        part.Status = part.Failed > 0 ? SyncPartStatus.Partial : SyncPartStatus.Completed;
        part.Error = pending > 0 ? $"{pending:N0} records are gone at {work.Connector.Info.Name}. They wait for your word before they are deleted here." : null;
        part.Cursor = null;
        await store.StepAsync(
            work,
            part,
            async session => await session.ExecuteAsync(StateSql, bind => bind
                .Add(connection).Add(part.DataType).Add(work.Organization).Add(part.Newest ?? work.Run.StartedAt ?? time.GetUtcNow())
                .Add(part.Generation > 0 ? time.GetUtcNow() : (DateTimeOffset?)null).Add((long)pending).Add(part.Generation).Add(work.Run.CreatedAt)),
            cancellationToken);
    }

    /// <summary>Deletes what waited for somebody's word.</summary>
    /// <returns>How many records went.</returns>
    public async Task<int> ApproveAsync(Guid organization, RecordOccasion occasion, SyncState state, string recordType, CancellationToken cancellationToken)
    {
        var all = 0;
        while (true)
        {
            var deleted = await writer.WriteAsync(
                session => DropAsync(session, organization, occasion, state.ConnectionId, state.DataType, recordType, state.PendingGeneration), cancellationToken);
            all += deleted;
            if (deleted < Lot)
            {
                await ForgetAsync(state, cancellationToken);
                return all;
            }
        }
    }

    /// <summary>Keeps what waited for somebody's word. The next full pass asks again if it is still gone.</summary>
    public Task ForgetAsync(SyncState state, CancellationToken cancellationToken) => writer.WriteAsync(
        async session =>
        {
            session.SignalAfterCommit(new HubSignal(HubSignalKind.SyncsChanged, state.OrganizationId));
            return await session.ExecuteAsync(ClearSql, bind => bind.Add(state.ConnectionId).Add(state.DataType));
        },
        cancellationToken);

    /// <summary>Lets links go, and the records that no other provider has.</summary>
    public async ValueTask<int> RemoveAsync(
        WriteSession session, Guid organization, RecordOccasion occasion, Guid connection, string dataType, IReadOnlyList<(string ExternalId, Guid RecordId)> links)
    {
        await LinkStore.DropAsync(session, connection, dataType, [.. links.Select(link => link.ExternalId)]);
        var left = await session.QueryManyAsync(OtherLinksSql, links, (bind, link) => bind.Add(link.RecordId), static (row, link) => (link.RecordId, Others: row.Int64()));
        var found = await RecordStore.FindAsync(session, organization, [.. left.Where(item => item.Others == 0).Select(item => item.RecordId)]);
        await records.DeleteAsync(session, organization, occasion, [.. found.Values]);
        return links.Count;
    }

    private Task<(int Total, int Gone)> CountAsync(Guid connection, string dataType, long generation, CancellationToken cancellationToken) => writer.WriteAsync(
        async session => (await session.QueryAsync(CountSql, bind => bind.Add(connection).Add(dataType).Add(generation), static row => (row.Int32(), row.Int32())))[0], cancellationToken);

    private async ValueTask<int> DropAsync(WriteSession session, Guid organization, RecordOccasion occasion, Guid connection, string dataType, string recordType, long generation)
    {
        await RecordStore.LockAsync(session, organization, recordType);
        var links = await session.QueryAsync(
            ListSql, bind => bind.Add(connection).Add(dataType).Add(generation).Add((long)Lot), static row => (row.Text(), row.Guid()));
        return await RemoveAsync(session, organization, occasion, connection, dataType, links);
    }
}
