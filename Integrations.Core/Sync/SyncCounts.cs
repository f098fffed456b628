namespace Integrations.Core.Sync;

/// <summary>What a lot came to. It is put into the part anew each time the transaction is tried, so that a lot counts once.</summary>
internal sealed class SyncCounts
{
    private readonly (int Processed, int Created, int Updated, int Unchanged, int Deleted, int Failed, int Conflicts, DateTimeOffset? Newest) _before;
    private readonly SyncPart _part;

    public SyncCounts(SyncPart part)
    {
        _part = part;
        _before = (part.Processed, part.Created, part.Updated, part.Unchanged, part.Deleted, part.Failed, part.Conflicts, part.Newest);
    }

    public int Processed { get; set; }

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Unchanged { get; set; }

    public int Deleted { get; set; }

    public int Failed { get; set; }

    public int Conflicts { get; set; }

    public DateTimeOffset? Newest { get; set; }

    /// <summary>Counts from nothing again: the transaction is tried anew.</summary>
    public void Reset() => (Processed, Created, Updated, Unchanged, Deleted, Failed, Conflicts, Newest) = (0, 0, 0, 0, 0, 0, 0, null);

    /// <summary>Issues of a kind that there is still room for.</summary>
    public int Room(SyncIssueKind kind) => Math.Max(0, SyncIssue.MaxKept - (kind == SyncIssueKind.Error ? _before.Failed : _before.Conflicts));

    public void Put()
    {
        _part.Processed = _before.Processed + Processed;
        _part.Created = _before.Created + Created;
        _part.Updated = _before.Updated + Updated;
        _part.Unchanged = _before.Unchanged + Unchanged;
        _part.Deleted = _before.Deleted + Deleted;
        _part.Failed = _before.Failed + Failed;
        _part.Conflicts = _before.Conflicts + Conflicts;
        _part.Newest = Newest is null || _before.Newest > Newest ? _before.Newest : Newest;
    }
}
