using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Keeps which fields lead to records that are not here yet, and fills them once these have come.</summary>
internal sealed class LateReferences(SyncStore store, RecordStore records, IHotReader reader)
{
    private const int Lot = 500;

    private const string AddSql =
        """
        INSERT INTO "MissingReferences" ("ConnectionId", "DataType", "ExternalId", "RecordId", "Target", "OrganizationId", "Replaces") VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT ("ConnectionId", "DataType", "ExternalId", "RecordId", "Target") DO NOTHING
        """;

    private const string ForgetSql = """DELETE FROM "MissingReferences" WHERE "RecordId" = $1 AND "ConnectionId" = $2""";

    private const string CameSql =
        """
        SELECT m."DataType", m."ExternalId", m."RecordId", m."Target", m."Replaces", l."RecordId" FROM "MissingReferences" m
        JOIN "RecordLinks" l ON l."ConnectionId" = m."ConnectionId" AND l."DataType" = m."DataType" AND l."ExternalId" = m."ExternalId"
        WHERE m."ConnectionId" = $1 ORDER BY m."RecordId" LIMIT $2
        """;

    private const string DropSql =
        """DELETE FROM "MissingReferences" WHERE "ConnectionId" = $1 AND "DataType" = $2 AND "ExternalId" = $3 AND "RecordId" = $4 AND "Target" = $5""";

    private const string AgreedSql = """SELECT "DataType", "ExternalId" FROM "RecordLinks" WHERE "RecordId" = $1 AND "ConnectionId" = $2 AND "RecordPrint" = $3""";

    /// <summary>Notes what records lack, instead of what was noted of them before.</summary>
    /// <param name="changed">Those that were there already.</param>
    /// <param name="missing">What is missing, and what stands at its place until then.</param>
    public static async ValueTask NoteAsync(
        WriteSession session, SyncWork work, IReadOnlyList<Guid> changed, IReadOnlyList<(Guid Record, PendingReference Reference, string? Replaces)> missing)
    {
        await session.ExecuteManyAsync(ForgetSql, changed, (bind, record) => bind.Add(record).Add(work.Connection.Id));
        await session.ExecuteManyAsync(AddSql, missing, (bind, item) => bind
            .Add(work.Connection.Id).Add(item.Reference.DataType).Add(item.Reference.ExternalId).Add(item.Record).Add(item.Reference.Target).Add(work.Organization).Add(item.Replaces));
    }

    /// <summary>Fills the fields whose records have come.</summary>
    public async Task FillAsync(SyncWork work, CancellationToken cancellationToken)
    {
        // Looked for without the lock of those who write: mostly nothing has come.
        while ((await reader.ReadAsync(session => CameAsync(session, work, 1), cancellationToken)).Count > 0)
        {
            await store.StepAsync(work, null, session => FillLotAsync(session, work), cancellationToken);
        }
    }

    private static ValueTask<List<Came>> CameAsync(QuerySession session, SyncWork work, int most) => session.QueryAsync(
        CameSql, bind => bind.Add(work.Connection.Id).Add((long)most), static row => new Came(row.Text(), row.Text(), row.Guid(), row.Text(), row.NullableText(), row.Guid()));

    private async ValueTask FillLotAsync(WriteSession session, SyncWork work)
    {
        var came = await CameAsync(session, work, Lot);
        var stored = await RecordStore.FindAsync(session, work.Organization, [.. came.Select(item => item.RecordId)]);
        await RecordStore.LockAsync(session, work.Organization, [.. stored.Values.Select(record => record.Type.Name).Distinct(StringComparer.Ordinal)]);
        // Read again: until they were locked somebody may have changed them.
        stored = await RecordStore.FindAsync(session, work.Organization, [.. stored.Keys]);
        List<RecordUpdate> updates = [];
        List<(string DataType, string ExternalId, Guid Print)> agreeing = [];
        foreach (var group in came.GroupBy(item => item.RecordId))
        {
            if (stored.TryGetValue(group.Key, out var record) && record.DeletedAt is null)
            {
                // Who agrees with the record as it is agrees with it filled: the provider said so itself, and nothing of it goes out to it.
                var agreed = await AgreedAsync(session, work, record);
                RecordUpdate update = new(record, Filled(work, record, group));
                updates.Add(update);
                agreeing.AddRange(agreed.Select(link => (link.DataType, link.ExternalId, update.Print)));
            }
        }

        await records.UpdateAsync(session, work.Organization, work.Occasion, updates);
        foreach (var links in agreeing.GroupBy(link => link.DataType, link => (link.ExternalId, link.Print), StringComparer.Ordinal))
        {
            await LinkStore.AgreeAsync(session, work.Connection.Id, links.Key, [.. links]);
        }

        await session.ExecuteManyAsync(DropSql, came, (bind, item) => bind.Add(work.Connection.Id).Add(item.DataType).Add(item.ExternalId).Add(item.RecordId).Add(item.Target));
    }

    // What somebody chose meanwhile stays, and so does a line that is another one now.
    private static RecordFields Filled(SyncWork work, StoredRecord record, IEnumerable<Came> came)
    {
        var fields = record.Fields.Copy();
        RecordReferences.Put(
            fields,
            from item in came
            where string.Equals(RecordReferences.StateOf(record.Fields, item.Target), item.Replaces, StringComparison.Ordinal)
            let type = work.RecordTypeOf(item.DataType)
            where type is not null
            select (item.Target, RecordIds.Format(type, item.Found)));
        return fields;
    }

    private static ValueTask<List<(string DataType, string ExternalId)>> AgreedAsync(WriteSession session, SyncWork work, StoredRecord record) => session.QueryAsync(
        AgreedSql, bind => bind.Add(record.Id).Add(work.Connection.Id).Add(record.Print), static row => (row.Text(), row.Text()));

    /// <param name="Found">The record that has come.</param>
    private sealed record Came(string DataType, string ExternalId, Guid RecordId, string Target, string? Replaces, Guid Found);
}
