using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Tries the records again that failed in an earlier run: rows as the provider sent them then, by the mapping as it is now, and records as they are now.</summary>
internal sealed class RetryPass(SyncStore store, InboundLot inbound, OutboundLot outbound, IHotReader reader, TimeProvider time)
{
    private const int Lot = 200;

    private const string ListSql =
        """
        SELECT "Id", "ExternalId", "RecordId", "Payload", "RemoteVersion" FROM "SyncIssues"
        WHERE "RunId" = $1 AND "Kind" = 0 AND "Id" > $2 AND "DataType" = $3 AND "Direction" = $4 AND "ResolvedAt" IS NULL ORDER BY "Id" LIMIT $5
        """;

    private const string RecordSql =
        $"""
        {OutboundRecord.SelectSql}
        WHERE r."Id" = $3 AND r."OrganizationId" = $4 AND r."DeletedAt" IS NULL
        """;

    private const string ResolveSql = """UPDATE "SyncIssues" SET "ResolvedAt" = $1 WHERE "Id" = $2""";

    /// <exception cref="ProviderFault">The provider did none of a lot.</exception>
    public async Task RunAsync(SyncWork work, SyncPart part, CancellationToken cancellationToken)
    {
        part.Status = SyncPartStatus.Running;
        while (true)
        {
            var after = part.Cursor is { } cursor ? Guid.ParseExact(cursor, "N") : Guid.Empty;
            var issues = await reader.ReadAsync(
                session => session.QueryAsync(
                    ListSql,
                    bind => bind.Add(work.Run.RetryOf!.Value).Add(after).Add(part.DataType).Add((long)part.Direction).Add((long)Lot),
                    static row => new Again(row.Guid(), row.NullableText(), row.NullableGuid(), row.NullableBytes(), row.NullableTime())),
                cancellationToken);
            if (issues.Count == 0)
            {
                break;
            }

            // The rows first: when the hub stops in between they are only tried once more.
            await TryAsync(work, part, issues, cancellationToken);
            part.Cursor = issues[^1].Id.ToString("N");
            await store.StepAsync(
                work, part, session => session.ExecuteManyAsync(ResolveSql, issues, (bind, issue) => bind.Add(time.GetUtcNow()).Add(issue.Id)), cancellationToken);
        }

        part.Status = part.Failed > 0 ? SyncPartStatus.Partial : SyncPartStatus.Completed;
        part.Cursor = null;
        await store.StepAsync(work, part, static _ => ValueTask.CompletedTask, cancellationToken);
    }

    private async Task TryAsync(SyncWork work, SyncPart part, List<Again> issues, CancellationToken cancellationToken)
    {
        if (part.Direction == SyncDirections.In)
        {
            List<RemoteRow> rows = [.. issues.Where(issue => issue is { ExternalId: not null, Payload: not null })
                .Select(issue => new RemoteRow(issue.ExternalId!, JsonSerializer.Deserialize<JsonElement>(issue.Payload), issue.RemoteVersion))];
            if (rows.Count > 0)
            {
                var mapper = work.MapperOf(part.DataType);
                await inbound.StoreAsync(work, part, new MappedLot(mapper, rows.ConvertAll(row => ReadRow.Of(mapper, row))), cancellationToken);
            }

            return;
        }

        List<Guid> ids = [.. issues.Select(issue => issue.RecordId).OfType<Guid>().Distinct()];
        var readAt = time.GetUtcNow();
        var records = await reader.ReadAsync(
            session => session.QueryManyAsync(
                RecordSql, ids, (bind, id) => bind.Add(work.Connection.Id).Add(part.DataType).Add(id).Add(work.Organization),
                static (row, _) => OutboundRecord.Read(row)),
            cancellationToken);
        if (records.Count > 0)
        {
            var place = part.Cursor;
            await outbound.PushAsync(work, part, readAt, records.Count, records, _ => place!, cancellationToken);
        }
    }

    private sealed record Again(Guid Id, string? ExternalId, Guid? RecordId, byte[]? Payload, DateTimeOffset? RemoteVersion);
}
