using System.Collections.Concurrent;
using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Pushes a lot of records: intents first where the provider could make a row twice, then the calls, then what they came to in one transaction.</summary>
internal sealed class OutboundLot(SyncStore store, LinkStore links, IHotReader reader, TimeProvider time)
{
    // A provider that takes rows one by one is asked for a few at once; the pipeline keeps its limits.
    private const int AtOnce = 4;

    private const string EmptiedSql = """SELECT "Fields" FROM "RecordChanges" WHERE "RecordId" = $1 AND "Fields" IS NOT NULL AND "At" > $2""";

    // A change that was not committed yet when a lot was read may carry an earlier time.
    private static readonly TimeSpan _uncommitted = TimeSpan.FromSeconds(5);

    private const string IntentSql =
        """INSERT INTO "SyncIntents" ("ConnectionId", "DataType", "RecordId", "OrganizationId", "At") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("ConnectionId", "DataType", "RecordId") DO NOTHING""";

    private const string IntentsSql = """SELECT "RecordId" FROM "SyncIntents" WHERE "ConnectionId" = $1 AND "DataType" = $2""";

    private const string DropIntentSql = """DELETE FROM "SyncIntents" WHERE "ConnectionId" = $1 AND "DataType" = $2 AND "RecordId" = $3""";

    /// <param name="readAt">When the records were read.</param>
    /// <param name="looked">How many records the lot looked at.</param>
    /// <param name="cursorAfter">Where the pass is after the lot, given what failed.</param>
    /// <returns>What did not go out.</returns>
    /// <exception cref="ProviderFault">The provider did not do it; what it took before is written down.</exception>
    public async Task<IReadOnlyList<OutboundRecord>> PushAsync(
        SyncWork work, SyncPart part, DateTimeOffset readAt, int looked, IReadOnlyList<OutboundRecord> records, Func<IReadOnlyCollection<OutboundRecord>, string> cursorAfter, CancellationToken cancellationToken)
    {
        var type = work.DataType(part.DataType);
        var (rows, same) = await MapAsync(work, part, records, cancellationToken);
        if (!type.CreatesOnce)
        {
            await PrepareAsync(work, part, rows, cancellationToken);
        }

        ProviderFault? fault = null;
        ConcurrentBag<(OutboundWrite Write, WriteResult Result)> results = [];
        await Parallel.ForEachAsync(rows.Chunk(Math.Max(1, type.WriteLot)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (chunk, token) =>
        {
            // After a fault nothing more is begun, and what was done already is written down.
            if (Volatile.Read(ref fault) is not null)
            {
                return;
            }

            try
            {
                var answers = await work.Connector.WriteAsync(work.Session, new WriteRequest(part.DataType, [.. chunk.Select(write => write.Row)], work.MapperOf(part.DataType).Mapping), token);
                if (answers.Count != chunk.Length)
                {
                    throw new InvalidOperationException($"{work.Connector.Info.Key} told of {answers.Count} rows out of {chunk.Length}.");
                }

                foreach (var (write, answer) in chunk.Zip(answers))
                {
                    results.Add((write, answer));
                }
            }
            catch (ProviderFault refused) when (refused.Kind is ProviderFaultKind.Refused or ProviderFaultKind.Forbidden && chunk.Length == 1)
            {
                results.Add((chunk[0], new WriteResult(null, refused.Message)));
            }
            catch (ProviderFault other)
            {
                Interlocked.CompareExchange(ref fault, other, null);
            }
        });
        var done = results.ToList();
        part.Calls += rows.Count == 0 ? 0 : (rows.Count + Math.Max(1, type.WriteLot) - 1) / Math.Max(1, type.WriteLot);
        var failed = await WriteDownAsync(work, part, readAt, fault is null ? looked : done.Count, same, done, fault is null ? cursorAfter : null, cancellationToken);
        return fault is null ? failed : throw fault;
    }

    // What goes out of them, and those of which nothing changed that goes out.
    private async Task<(List<OutboundWrite> Rows, List<OutboundRecord> Same)> MapAsync(SyncWork work, SyncPart part, IReadOnlyList<OutboundRecord> records, CancellationToken cancellationToken)
    {
        var mapper = work.MapperOf(part.DataType);
        Dictionary<string, Dictionary<Guid, string>> references = new(StringComparer.Ordinal);
        foreach (var asked in records.SelectMany(record => mapper.ReferencesOf(record.Fields)).GroupBy(reference => reference.DataType, reference => reference.Id, StringComparer.Ordinal))
        {
            references[asked.Key] = await reader.ReadAsync(session => LinkStore.FindByRecordAsync(session, work.Connection.Id, asked.Key, [.. asked]), cancellationToken);
        }

        var emptiedAs = work.DataType(part.DataType).EmptiedAs;
        var emptied = await EmptiedAsync([.. records.Where(record => record.ExternalId is not null)], cancellationToken);
        List<OutboundWrite> rows = [];
        List<OutboundRecord> same = [];
        foreach (var record in records)
        {
            var content = mapper.Write(record.Fields, (dataType, id) => references.GetValueOrDefault(dataType)?.GetValueOrDefault(id), emptied.GetValueOrDefault(record.Id), emptiedAs);
            var print = RecordFields.PrintOf(JsonSerializer.SerializeToUtf8Bytes(content));
            if (record.ExternalId is not null && record.PushedPrint == print)
            {
                same.Add(record);
            }
            else
            {
                OutgoingRow row = new(RecordIds.Format(mapper.Type, record.Id), record.ExternalId, content) { Print = print.ToString("N"), ChangedAt = record.UpdatedAt };
                rows.Add(new OutboundWrite(record, row, print, emptied.GetValueOrDefault(record.Id)));
            }
        }

        return (rows, same);
    }

    // What a record's history names since both sides agreed, and the record does not have, was emptied.
    private async Task<Dictionary<Guid, HashSet<string>>> EmptiedAsync(List<OutboundRecord> records, CancellationToken cancellationToken)
    {
        var changes = await reader.ReadAsync(
            session => session.QueryManyAsync(
                EmptiedSql, records, static (bind, record) => bind.Add(record.Id).Add(record.SyncedAt!.Value - _uncommitted), static (row, record) => (Record: record, Fields: row.Bytes())),
            cancellationToken);
        Dictionary<Guid, HashSet<string>> emptied = [];
        foreach (var (record, fields) in changes)
        {
            using var document = JsonDocument.Parse(fields);
            foreach (var name in document.RootElement.EnumerateObject().Select(member => member.Name).Where(name => record.Fields[name] is null))
            {
                if (!emptied.TryGetValue(record.Id, out var names))
                {
                    emptied[record.Id] = names = new HashSet<string>(StringComparer.Ordinal);
                }

                names.Add(name);
            }
        }

        return emptied;
    }

    // A record that was about to be made when a run broke off may be there already: it is looked for. Then all that will be made are noted.
    private async Task PrepareAsync(SyncWork work, SyncPart part, List<OutboundWrite> rows, CancellationToken cancellationToken)
    {
        List<OutboundWrite> made = [.. rows.Where(write => write.Row.ExternalId is null)];
        if (made.Count == 0)
        {
            return;
        }

        var intents = (await reader.ReadAsync(
            session => session.QueryAsync(IntentsSql, bind => bind.Add(work.Connection.Id).Add(part.DataType), static row => row.Guid()), cancellationToken)).ToHashSet();
        foreach (var write in made.Where(write => intents.Contains(write.Record.Id)))
        {
            part.Calls++;
            if (await work.Connector.FindAsync(work.Session, part.DataType, write.Row, cancellationToken) is { } found)
            {
                write.Row = write.Row with { ExternalId = found };
            }
        }

        await store.StepAsync(
            work,
            null,
            session => session.ExecuteManyAsync(
                IntentSql, made, (bind, write) => bind.Add(work.Connection.Id).Add(part.DataType).Add(write.Record.Id).Add(work.Organization).Add(time.GetUtcNow())),
            cancellationToken);
    }

    private async Task<IReadOnlyList<OutboundRecord>> WriteDownAsync(
        SyncWork work, SyncPart part, DateTimeOffset readAt, int looked, List<OutboundRecord> same, List<(OutboundWrite Write, WriteResult Result)> done, Func<IReadOnlyCollection<OutboundRecord>, string>? cursorAfter,
        CancellationToken cancellationToken)
    {
        var mapper = work.MapperOf(part.DataType);
        SyncCounts counts = new(part);
        List<(OutboundWrite Write, string Message)> failed = [];
        await store.StepAsync(
            work,
            part,
            async session =>
            {
                counts.Reset();
                failed.Clear();
                var taken = await LinkStore.FindAsync(session, work.Connection.Id, part.DataType, [.. done.Select(item => item.Result.ExternalId).OfType<string>()]);
                List<LinkRow> put = [];
                List<string> moved = [];
                HashSet<string> inLot = new(StringComparer.Ordinal);
                foreach (var (write, result) in done)
                {
                    if (result.Error is { } error)
                    {
                        failed.Add((write, error));
                    }
                    else if ((taken.TryGetValue(result.ExternalId!, out var other) && other.RecordId != write.Record.Id) || !inLot.Add(result.ExternalId!))
                    {
                        failed.Add((write, $"{work.Connector.Info.Name} takes this for the same as another record of the hub, so that both would overwrite each other. Merge the two, or change what they share."));
                    }
                    else
                    {
                        if (write.Record.ExternalId is { } before && before != result.ExternalId)
                        {
                            // Such as a member that is known by its e-mail address, which changed.
                            moved.Add(before);
                        }

                        counts.Created += write.Record.ExternalId is null ? 1 : 0;
                        counts.Updated += write.Record.ExternalId is null ? 0 : 1;
                        // What the provider has besides, because it changed there meanwhile, is still to come in.
                        var remote = result.Content is { } content && mapper.Read(content) is { Fault: null } read && mapper.SaysNoMore(read.Fields, write.Record.Fields, write.Row.Content, write.Emptied) ? read.Print : (Guid?)null;
                        put.Add(new LinkRow(result.ExternalId!, write.Record.Id, result.UpdatedAt, remote, write.Record.Print, write.Print, Math.Max(write.Record.Generation, work.Seen)) { SyncedAt = readAt });
                    }
                }

                await LinkStore.DropAsync(session, work.Connection.Id, part.DataType, moved);
                await LinkStore.AgreeAsync(session, work.Connection.Id, part.DataType, same.ConvertAll(record => (record.ExternalId!, record.Print)));
                await links.PutAsync(session, work, part.DataType, put);
                await session.ExecuteManyAsync(
                    DropIntentSql, [.. done.Where(item => item.Write.IsNew)], (bind, item) => bind.Add(work.Connection.Id).Add(part.DataType).Add(item.Write.Record.Id));
                counts.Processed = looked;
                counts.Failed = failed.Count;
                counts.Unchanged = Math.Max(0, looked - counts.Created - counts.Updated - counts.Failed);
                await SyncStore.AddIssuesAsync(session, [.. failed.Take(counts.Room(SyncIssueKind.Error)).Select(item => SyncIssues.Out(work, part, item.Write.Record, item.Write.Row, item.Message, time.GetUtcNow()))]);
                counts.Put();
                part.Cursor = cursorAfter?.Invoke([.. failed.Select(item => item.Write.Record)]) ?? part.Cursor;
            },
            cancellationToken);
        return [.. failed.Select(item => item.Write.Record)];
    }

    /// <summary>A record and what goes out of it.</summary>
    private sealed class OutboundWrite(OutboundRecord record, OutgoingRow row, Guid print, HashSet<string>? emptied)
    {
        public OutboundRecord Record => record;

        public OutgoingRow Row { get; set; } = row;

        public Guid Print => print;

        /// <summary>The hub's fields that were emptied, whether or not the provider can be told.</summary>
        public HashSet<string>? Emptied => emptied;

        /// <summary>Whether it had no counterpart when the lot was read.</summary>
        public bool IsNew => record.ExternalId is null;
    }
}
