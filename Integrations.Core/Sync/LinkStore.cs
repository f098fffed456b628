using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>A link to write.</summary>
internal sealed record LinkRow(
    string ExternalId, Guid RecordId, DateTimeOffset? RemoteVersion, Guid? RemotePrint, Guid? RecordPrint, Guid? PushedPrint, long Generation)
{
    /// <summary>When both sides agreed last; null for now.</summary>
    public DateTimeOffset? SyncedAt { get; init; }
}

/// <summary>Reads and writes the links of a connection's data type, many at once.</summary>
internal sealed class LinkStore(TimeProvider time)
{
    private const string InsertSql =
        """
        INSERT INTO "RecordLinks" ("ConnectionId", "DataType", "ExternalId", "OrganizationId", "Provider", "RecordId", "RemoteVersion", "RemotePrint", "RecordPrint", "PushedPrint", "Generation",
          "SyncedAt")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """;

    private const string PutSql =
        $"""
        {InsertSql}
        ON CONFLICT ("ConnectionId", "DataType", "ExternalId") DO UPDATE SET "RecordId" = excluded."RecordId", "RemoteVersion" = COALESCE(excluded."RemoteVersion", "RecordLinks"."RemoteVersion"),
          "RemotePrint" = excluded."RemotePrint", "RecordPrint" = excluded."RecordPrint", "PushedPrint" = excluded."PushedPrint",
          "Generation" = CASE WHEN excluded."Generation" > 0 THEN excluded."Generation" ELSE "RecordLinks"."Generation" END, "SyncedAt" = excluded."SyncedAt"
        """;

    private const string TouchSql =
        """UPDATE "RecordLinks" SET "Generation" = $1 WHERE "ConnectionId" = $2 AND "DataType" = $3 AND "ExternalId" = $4""";

    private const string AgreeSql = """UPDATE "RecordLinks" SET "RecordPrint" = $1 WHERE "ConnectionId" = $2 AND "DataType" = $3 AND "ExternalId" = $4""";

    private const string DropSql = """DELETE FROM "RecordLinks" WHERE "ConnectionId" = $1 AND "DataType" = $2 AND "ExternalId" = $3""";

    private const string ByRecordSql = """SELECT "ExternalId" FROM "RecordLinks" WHERE "RecordId" = $1 AND "ConnectionId" = $2 AND "DataType" = $3""";

    internal static string KnownSql(QuerySession session) =>
        $"""
        SELECT l."ExternalId", l."RecordId", l."RemoteVersion", l."RemotePrint", l."RecordPrint", l."PushedPrint", r."Print", r."UpdatedAt", r."DeletedAt", l."SyncedAt"
        FROM "RecordLinks" l JOIN "Records" r ON r."Id" = l."RecordId"
        WHERE l."ConnectionId" = $1 AND l."DataType" = $2 AND l."ExternalId" {session.OneOf(3)}
        """;

    // What comes is sorted by the hub: told to sort, SQLite would walk all records in that order instead of looking the hashes up. And what is IS TRUE no index can serve, so that
    // none of another column is taken.
    internal static string ByHashSql(QuerySession session) =>
        $"""
        SELECT r."MatchHash", r."Id" FROM "Records" r
        WHERE r."MatchHash" {session.OneOfNumbers(3)} AND (r."OrganizationId" = $1) IS TRUE AND (r."Type" = $2) IS TRUE AND r."DeletedAt" IS NULL
          AND NOT EXISTS (SELECT 1 FROM "RecordLinks" l WHERE l."RecordId" = r."Id" AND l."ConnectionId" = $4 AND l."DataType" = $5)
        """;

    /// <summary>The links of the provider's ids, with how their records stand.</summary>
    public static async ValueTask<Dictionary<string, KnownLink>> FindAsync(QuerySession session, Guid connection, string dataType, IReadOnlyCollection<string> externalIds)
    {
        if (externalIds.Count == 0)
        {
            return [];
        }

        var found = await session.QueryAsync(
            KnownSql(session),
            bind => bind.Add(connection).Add(dataType).Add(JsonSerializer.Serialize(externalIds)),
            static row => new KnownLink(
                row.Text(), row.Guid(), row.NullableTime(), row.NullableGuid(), row.NullableGuid(), row.NullableGuid(), row.Guid(), row.Time(), row.NullableTime() is not null, row.Time()));
        return found.ToDictionary(link => link.ExternalId, StringComparer.Ordinal);
    }

    /// <summary>The provider's ids of records.</summary>
    public static async ValueTask<Dictionary<Guid, string>> FindByRecordAsync(QuerySession session, Guid connection, string dataType, IReadOnlyCollection<Guid> records)
    {
        var found = await session.QueryManyAsync(
            ByRecordSql, [.. records.Distinct()], (bind, record) => bind.Add(record).Add(connection).Add(dataType), static (row, record) => (Record: record, External: row.Text()));
        Dictionary<Guid, string> ids = [];
        foreach (var (record, external) in found)
        {
            ids.TryAdd(record, external);
        }

        return ids;
    }

    /// <summary>Records by the hash of the key by which the same thing of another provider is known, as far as this connection has no counterpart of them yet; the oldest of each.</summary>
    public static async ValueTask<Dictionary<long, Guid>> FindByHashAsync(QuerySession session, Guid organization, RecordType type, Guid connection, string dataType, IReadOnlyCollection<long> hashes)
    {
        if (hashes.Count == 0)
        {
            return [];
        }

        var found = await session.QueryAsync(
            ByHashSql(session),
            bind => bind.Add(organization).Add(type.Name).Add(JsonSerializer.Serialize(hashes)).Add(connection).Add(dataType),
            static row => (Hash: row.Int64(), Id: row.Guid()));
        Dictionary<long, Guid> byHash = [];
        foreach (var (hash, id) in found.OrderBy(item => item.Id))
        {
            byHash.TryAdd(hash, id);
        }

        return byHash;
    }

    /// <summary>Writes links that this transaction saw not to be there.</summary>
    public ValueTask AddAsync(WriteSession session, SyncWork work, string dataType, IReadOnlyList<LinkRow> links) => WriteAsync(session, InsertSql, work, dataType, links);

    /// <summary>Writes links, new ones and changed ones.</summary>
    public ValueTask PutAsync(WriteSession session, SyncWork work, string dataType, IReadOnlyList<LinkRow> links) => WriteAsync(session, PutSql, work, dataType, links);

    private async ValueTask WriteAsync(WriteSession session, string sql, SyncWork work, string dataType, IReadOnlyList<LinkRow> links)
    {
        var now = time.GetUtcNow();
        await session.ExecuteManyAsync(sql, links, (bind, link) => bind
            .Add(work.Connection.Id).Add(dataType).Add(link.ExternalId).Add(work.Organization).Add(work.Run.Provider).Add(link.RecordId).Add(link.RemoteVersion).Add(link.RemotePrint)
            .Add(link.RecordPrint).Add(link.PushedPrint).Add(link.Generation).Add(link.SyncedAt ?? now));
    }

    /// <summary>Notes that a full pass saw them.</summary>
    public static ValueTask TouchAsync(WriteSession session, Guid connection, string dataType, long generation, IReadOnlyList<string> externalIds) =>
        session.ExecuteManyAsync(TouchSql, externalIds, (bind, external) => bind.Add(generation).Add(connection).Add(dataType).Add(external));

    /// <summary>Notes that both sides agree although the record changed: nothing of the change goes out.</summary>
    public static ValueTask AgreeAsync(WriteSession session, Guid connection, string dataType, IReadOnlyList<(string ExternalId, Guid RecordPrint)> links) =>
        session.ExecuteManyAsync(AgreeSql, links, (bind, link) => bind.Add(link.RecordPrint).Add(connection).Add(dataType).Add(link.ExternalId));

    public static ValueTask DropAsync(WriteSession session, Guid connection, string dataType, IReadOnlyList<string> externalIds) =>
        session.ExecuteManyAsync(DropSql, externalIds, (bind, external) => bind.Add(connection).Add(dataType).Add(external));
}
