using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Stores a lot of a provider's rows in one transaction with the place where the run is.</summary>
internal sealed class InboundLot(SyncStore store, RecordStore records, MissingRows missing, LinkStore links, TimeProvider time)
{
    private static readonly int[] _growth = [500, 5_000, 50_000];

    public async Task StoreAsync(SyncWork work, SyncPart part, MappedLot mapped, CancellationToken cancellationToken)
    {
        Lot lot = new(work, part, mapped, new SyncCounts(part));
        await store.StepAsync(
            work,
            part,
            async session =>
            {
                lot.Counts.Reset();
                await RecordStore.LockAsync(session, work.Organization, lot.Mapped.Mapper.Type.Name);
                await ApplyAsync(session, lot);
                lot.Counts.Put();
            },
            cancellationToken);
    }

    private async ValueTask ApplyAsync(WriteSession session, Lot lot)
    {
        var (work, part, counts) = (lot.Work, lot.Part, lot.Counts);
        counts.Processed = lot.Mapped.Count;
        counts.Failed = lot.Mapped.Faults.Count;
        counts.Newest = lot.Mapped.Newest;
        var known = await LinkStore.FindAsync(session, work.Connection.Id, part.DataType, lot.Mapped.ExternalIds);
        List<string> seen = [];
        List<InboundRow> fresh = [];
        List<InboundRow> changed = [];
        foreach (var row in lot.Mapped.Rows)
        {
            (row.Link, row.Record, row.Fields, row.NeedsPush) = (known.GetValueOrDefault(row.Remote.Id), null, null, false);
            if (row.Link is null)
            {
                fresh.Add(row);
            }
            else if (row.Link.IsDeleted || row.Link.RemotePrint == row.Mapped.Print || row.Link.RemoteVersion > row.Remote.UpdatedAt)
            {
                // Nothing new; or it was deleted here by hand, which a sync does not undo.
                seen.Add(row.Remote.Id);
            }
            else
            {
                changed.Add(row);
            }
        }

        counts.Unchanged = lot.Mapped.Count - lot.Mapped.Faults.Count - lot.Mapped.Gone.Count - fresh.Count - changed.Count;
        var missingReferences = await ResolveAsync(session, work, [.. fresh, .. changed]);
        List<SyncIssue> issues = [.. lot.Mapped.Faults.Select(fault => IssueOf(lot, SyncIssueKind.Error, fault.Row, known.GetValueOrDefault(fault.Row.Id)?.RecordId, fault.Fault))];
        await MergeAsync(session, lot, changed, issues);
        await MatchAsync(session, lot, fresh);
        await WriteAsync(session, lot, [.. fresh, .. changed]);
        await LateReferences.NoteAsync(session, work, changed.ConvertAll(row => row.RecordId), [
            .. missingReferences.Where(item => !item.Row.NeedsPush).Select(item => (item.Row.RecordId, item.Reference, RecordReferences.StateOf(item.Row.Fields!, item.Reference.Target)))]);
        if (part.Generation > 0)
        {
            await LinkStore.TouchAsync(session, work.Connection.Id, part.DataType, part.Generation, seen);
            await LinkStore.TouchAsync(session, work.Connection.Id, part.DataType, part.Generation, [.. lot.Mapped.Faults.Select(fault => fault.Row.Id).Where(known.ContainsKey)]);
        }

        List<(string, Guid)> gone = [.. lot.Mapped.Gone.Where(row => known.ContainsKey(row.Id)).Select(row => (row.Id, known[row.Id].RecordId))];
        counts.Deleted = gone.Count > 0 ? await missing.RemoveAsync(session, work.Organization, work.Occasion, work.Connection.Id, part.DataType, gone) : 0;
        counts.Unchanged += lot.Mapped.Gone.Count - gone.Count;
        await SyncStore.AddIssuesAsync(session, [.. issues.Where(issue => issue.Kind == SyncIssueKind.Error).Take(counts.Room(SyncIssueKind.Error))]);
        await SyncStore.AddIssuesAsync(session, [.. issues.Where(issue => issue.Kind == SyncIssueKind.Conflict).Take(counts.Room(SyncIssueKind.Conflict))]);
    }

    /// <returns>Those that lead to a record which is not there yet; they stay empty until it comes.</returns>
    private static async ValueTask<List<(InboundRow Row, PendingReference Reference)>> ResolveAsync(WriteSession session, SyncWork work, List<InboundRow> rows)
    {
        List<(InboundRow, PendingReference)> missing = [];
        foreach (var group in rows.SelectMany(row => row.Mapped.References.Select(reference => (Row: row, Reference: reference))).GroupBy(item => item.Reference.DataType, StringComparer.Ordinal))
        {
            var type = work.RecordTypeOf(group.Key);
            var isSynced = work.Connector.DataTypes.Any(known => known.Name == group.Key);
            var found = await LinkStore.FindAsync(session, work.Connection.Id, group.Key, [.. group.Select(item => item.Reference.ExternalId).Distinct(StringComparer.Ordinal)]);
            foreach (var ofRow in group.GroupBy(item => item.Row, item => item.Reference).Where(_ => type is not null))
            {
                RecordReferences.Put(
                    ofRow.Key.Mapped.Fields, ofRow.Where(reference => found.ContainsKey(reference.ExternalId)).Select(reference => (reference.Target, RecordIds.Format(type!, found[reference.ExternalId].RecordId))));
                missing.AddRange(ofRow.Where(reference => isSynced && !found.ContainsKey(reference.ExternalId) && reference.ExternalId.Length <= RecordLink.MaxExternalIdLength)
                    .Select(reference => (ofRow.Key, reference)));
            }
        }

        return missing;
    }

    private async ValueTask MergeAsync(WriteSession session, Lot lot, List<InboundRow> rows, List<SyncIssue> issues)
    {
        var stored = await RecordStore.FindAsync(session, lot.Work.Organization, [.. rows.Select(row => row.Link!.RecordId)]);
        foreach (var row in rows)
        {
            var (link, record) = (row.Link!, stored[row.Link!.RecordId]);
            var merged = InboundMerge.Merge(lot.Mapped.Mapper, record, row.Mapped.Fields, link.RecordPrint != record.Print, lot.Work.Policy, row.Remote.UpdatedAt, time.GetUtcNow());
            row.Record = record;
            row.RecordId = record.Id;
            row.Fields = merged.Fields;
            row.NeedsPush = !merged.Agrees;
            if (merged.IsConflict)
            {
                lot.Counts.Conflicts++;
                var words = merged.ProviderWon ? $"Both sides had changed it. The change of {lot.Work.Connector.Info.Name} was kept." : "Both sides had changed it. The hub's change was kept.";
                issues.Add(IssueOf(lot, SyncIssueKind.Conflict, row.Remote, record.Id, words));
            }
        }
    }

    private async ValueTask MatchAsync(WriteSession session, Lot lot, List<InboundRow> rows)
    {
        var type = lot.Mapped.Mapper.Type;
        var byHash = await LinkStore.FindByHashAsync(
            session, lot.Work.Organization, type, lot.Work.Connection.Id, lot.Part.DataType, [.. rows.Select(row => row.MatchHash).OfType<long>().Distinct()]);
        var stored = await RecordStore.FindAsync(session, lot.Work.Organization, byHash.Values);
        foreach (var row in rows)
        {
            // The first row of a key takes the record; a second one with the same key is another thing at the same provider.
            if (row.MatchHash is { } hash && byHash.TryGetValue(hash, out var id) && stored.TryGetValue(id, out var record)
                && RecordShape.MatchKeyOf(type, record.Fields) == RecordShape.MatchKeyOf(type, row.Mapped.Fields) && stored.Remove(id))
            {
                var joined = InboundMerge.Join(lot.Mapped.Mapper, record, row.Mapped.Fields, lot.Work.Policy, row.Remote.UpdatedAt, time.GetUtcNow());
                (row.Record, row.RecordId, row.Fields, row.NeedsPush) = (record, id, joined.Fields, !joined.Agrees);
            }
            else
            {
                (row.RecordId, row.Fields) = (TimeOrderedId.New(time.GetUtcNow()), row.Mapped.Fields);
            }
        }
    }

    private async ValueTask WriteAsync(WriteSession session, Lot lot, List<InboundRow> rows)
    {
        var (work, counts) = (lot.Work, lot.Counts);
        var made = rows.Where(row => row.Record is null).Select(row => (Row: row, New: new NewRecord(row.RecordId, lot.Mapped.Mapper.Type, row.Fields!, row.Mapped.Content))).ToList();
        var updates = rows.Where(row => row.Record is not null).Select(row => (Row: row, Update: new RecordUpdate(row.Record!, row.Fields!))).ToList();
        counts.Created = made.Count;
        counts.Updated = updates.Count(item => item.Update.Print != item.Row.Record!.Print);
        counts.Unchanged += updates.Count - counts.Updated;
        await records.InsertAsync(session, work.Organization, work.Occasion, made.ConvertAll(item => item.New));
        await records.UpdateAsync(session, work.Organization, work.Occasion, updates.ConvertAll(item => item.Update));
        await records.NoteLinkedAsync(session, work.Organization, work.Occasion, [.. updates.Where(item => item.Row.Link is null).Select(item => item.Row.RecordId)]);
        var put = made.Select(item => (item.Row, Link: LinkOf(item.Row, item.New.Content.Print))).Concat(updates.Select(item => (item.Row, Link: LinkOf(item.Row, item.Update.Print))))
            .OrderBy(item => item.Link.ExternalId, StringComparer.Ordinal).ToLookup(item => item.Row.Link is null, item => item.Link);
        await links.AddAsync(session, work, lot.Part.DataType, [.. put[true]]);
        await links.PutAsync(session, work, lot.Part.DataType, [.. put[false]]);
        if (GrewMuch(lot.Part.Created, lot.Part.Created + counts.Created))
        {
            await session.AnalyzeAsync("Records", "RecordLinks");
        }

        LinkRow LinkOf(InboundRow row, Guid print) => new(
            row.Remote.Id, row.RecordId, row.Remote.UpdatedAt ?? row.Link?.RemoteVersion, row.Mapped.Print,
            // Where the hub's side counts, the two agree only when it was pushed.
            row.NeedsPush ? (row.Link?.RecordPrint == print ? null : row.Link?.RecordPrint) : print, IsEcho(row, print) ? row.Link!.PushedPrint : null, Math.Max(lot.Part.Generation, work.Seen))
        {
            SyncedAt = row.NeedsPush ? row.Link?.SyncedAt : null,
        };
    }

    // Only then the provider still has what was sent, perhaps in a form of its own. After any other change the same values have to go out again should the record come to have them again.
    private static bool IsEcho(InboundRow row, Guid print) =>
        !row.NeedsPush && row.Link is { } link && link.RecordPrint == row.Record!.Print && (link.RemotePrint is null || print == row.Record.Print);

    private static bool GrewMuch(int before, int after) => Array.Exists(_growth, size => before < size && after >= size);

    private SyncIssue IssueOf(Lot lot, SyncIssueKind kind, RemoteRow row, Guid? record, string message) =>
        SyncIssues.In(lot.Work, lot.Part, kind, row, record, message, time.GetUtcNow());

    private sealed record Lot(SyncWork Work, SyncPart Part, MappedLot Mapped, SyncCounts Counts);
}
