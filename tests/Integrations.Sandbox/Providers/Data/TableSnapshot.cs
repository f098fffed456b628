namespace Integrations.Sandbox.Providers.Data;

/// <summary>A table's order at one time, from what was changed in it: the rest follows from the number of rows.</summary>
internal sealed class TableSnapshot
{
    private readonly DataTable _table;
    private readonly int[] _deleted;
    private readonly int[] _changed;
    private readonly (DateTimeOffset Updated, int Index)[] _live;
    private readonly (DateTimeOffset Updated, int Index)[] _all;

    /// <param name="generated">How many rows there were before any came later.</param>
    public TableSnapshot(DataTable table, int generated, int total, IReadOnlyCollection<KeyValuePair<int, RowChange>> changes)
    {
        _table = table;
        Generated = generated;
        Total = total;
        _deleted = [.. changes.Where(change => change.Value.IsDeleted).Select(change => change.Key).Order()];
        _changed = [.. changes.Where(change => change.Key < generated).Select(change => change.Key).Order()];
        _all = [.. changes.Select(change => (change.Value.Updated, change.Key)).Order()];
        var gone = _deleted.ToHashSet();
        _live = _deleted.Length == 0 ? _all : [.. _all.Where(change => !gone.Contains(change.Index))];
    }

    public int Generated { get; }

    /// <summary>Deleted rows too.</summary>
    public int Total { get; }

    public int Live => Total - _deleted.Length;

    /// <summary>Rows that are not deleted, in the order of their making.</summary>
    public IEnumerable<Row> Page(int offset, int limit) => offset >= Live ? [] : Ascending(IndexAt(offset)).Take(limit);

    /// <summary>The index of the n-th row that is not deleted.</summary>
    public int IndexAt(int n) => Nth(_deleted, 0, n);

    public IEnumerable<Row> Ascending(int from)
    {
        for (var index = Math.Max(from, 0); index < Total; index++)
        {
            if (_table.RowAt(index) is { IsDeleted: false } row)
            {
                yield return row;
            }
        }
    }

    /// <summary>The newest first.</summary>
    public IEnumerable<Row> Descending(int from)
    {
        for (var index = Math.Min(from, Total - 1); index >= 0; index--)
        {
            if (_table.RowAt(index) is { IsDeleted: false } row)
            {
                yield return row;
            }
        }
    }

    public IEnumerable<Row> Deleted() => _deleted.Select(_table.RowAt);

    /// <summary>The first index of a row that was made at or after this time.</summary>
    public int FirstCreatedSince(DateTimeOffset time)
    {
        var (low, high) = (Math.Min(Row.FirstCreatedSince(time), Generated), Total);
        if (low < Generated)
        {
            return low;
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _table.RowAt(middle).Created < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Rows in the order in which they were last changed.</summary>
    public UpdatedView Updated(DateTimeOffset since, bool withDeleted = false)
    {
        var start = Math.Min(Row.FirstUpdatedSince(since), Generated);
        var changes = withDeleted ? _all : _live;
        return new UpdatedView(_table, start, Generated - start - (_changed.Length - Below(_changed, start)), _changed, changes.AsMemory(Below(changes, (since, -1))));
    }

    /// <summary>The n-th index from a start on that is not among those left out.</summary>
    public static int Nth(int[] leftOut, int start, int n)
    {
        var from = Below(leftOut, start);
        var (low, high) = (from, leftOut.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = leftOut[middle] - (middle - from) - start <= n ? (middle + 1, high) : (low, middle);
        }

        return start + n + (low - from);
    }

    private static int Below<T>(T[] sorted, T value)
    {
        var at = Array.BinarySearch(sorted, value);
        return at < 0 ? ~at : at;
    }
}

/// <summary>Generated rows that nothing happened to, and after them the changed ones, whose times are later.</summary>
internal readonly struct UpdatedView(DataTable table, int start, int untouched, int[] changed, ReadOnlyMemory<(DateTimeOffset Updated, int Index)> changes)
{
    public int Count => untouched + changes.Length;

    public Row this[int place] => table.RowAt(place < untouched ? TableSnapshot.Nth(changed, start, place) : changes.Span[place - untouched].Index);

    public IEnumerable<Row> Page(int offset, int limit)
    {
        for (var place = offset; place < Count && place < offset + (long)limit; place++)
        {
            yield return this[place];
        }
    }

    /// <summary>The first place of a row that was changed after this time.</summary>
    public int FirstAfter(DateTimeOffset time)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = this[middle].Updated <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
