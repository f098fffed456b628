using Integrations.Core.Providers;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>A provider's row, read by the mapping once, however often its transaction is tried.</summary>
/// <param name="Mapped">Null for one that is gone.</param>
internal readonly record struct ReadRow(RemoteRow Remote, MappedRow? Mapped)
{
    public static ReadRow Of(RecordMapper mapper, RemoteRow row) => new(
        row,
        row.IsDeleted ? null
            : row.Id.Length is 0 or > RecordLink.MaxExternalIdLength ? new MappedRow(new RecordFields(), [], "The provider gave the row no id.")
            // Neither database finds it again by such a text.
            : row.Id.Contains('\0') ? new MappedRow(new RecordFields(), [], "The provider gave the row an id with a character that cannot be kept.")
            : mapper.Read(row.Content));
}

/// <summary>Rows that are stored together.</summary>
internal sealed class MappedLot
{
    public MappedLot(RecordMapper mapper, IReadOnlyList<ReadRow> read)
    {
        (Mapper, Count, Newest) = (mapper, read.Count, read.Max(row => row.Remote.UpdatedAt));
        List<InboundRow> rows = new(read.Count);
        foreach (var (row, mapped) in NewestOf(read))
        {
            if (mapped is null)
            {
                Gone.Add(row);
            }
            else if (mapped.Fault is { } fault)
            {
                Faults.Add((row, fault));
            }
            else
            {
                rows.Add(new InboundRow(row, mapped, mapped.Content is { } content ? content.Shape.MatchHash : RecordShape.MatchHashOf(mapper.Type, mapped.Fields)));
            }
        }

        // New records are made in the order of the index in which they lie at places all over, so that those for one page of it are written one after the other.
        Rows = [.. rows.OrderBy(row => row.MatchHash)];
        ExternalIds = [.. Rows.Select(row => row.Remote.Id), .. Gone.Select(row => row.Id), .. Faults.Select(fault => fault.Row.Id)];
    }

    public RecordMapper Mapper { get; }

    /// <summary>How many rows there are, gone and faulty ones too.</summary>
    public int Count { get; }

    /// <summary>When the newest of them was changed; null where the provider does not tell.</summary>
    public DateTimeOffset? Newest { get; }

    /// <summary>By the hashes of their match keys; those without one first, as they came.</summary>
    public IReadOnlyList<InboundRow> Rows { get; }

    public List<(RemoteRow Row, string Fault)> Faults { get; } = [];

    public List<RemoteRow> Gone { get; } = [];

    public IReadOnlyCollection<string> ExternalIds { get; }

    // A lot may hold a row twice; the newest counts, and of equal ones the later.
    private static IEnumerable<ReadRow> NewestOf(IReadOnlyList<ReadRow> rows)
    {
        Dictionary<string, ReadRow> newest = new(rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!newest.TryGetValue(row.Remote.Id, out var other) || !(other.Remote.UpdatedAt > row.Remote.UpdatedAt))
            {
                newest[row.Remote.Id] = row;
            }
        }

        return newest.Values;
    }
}
