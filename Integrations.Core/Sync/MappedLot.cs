using Integrations.Core.Providers;
using Integrations.Core.Records;

namespace Integrations.Core.Sync;

/// <summary>Some of a provider's rows, read by the mapping once, however often their transaction is tried.</summary>
internal sealed class MappedLot
{
    public MappedLot(RecordMapper mapper, IReadOnlyList<RemoteRow> remote)
    {
        (Mapper, Remote) = (mapper, remote);
        List<InboundRow> rows = new(remote.Count);
        foreach (var row in NewestOf(remote))
        {
            if (row.IsDeleted)
            {
                Gone.Add(row);
                continue;
            }

            var mapped = row.Id.Length is > 0 and <= RecordLink.MaxExternalIdLength ? mapper.Read(row.Content) : new MappedRow(new RecordFields(), [], "The provider gave the row no id.");
            if (mapped.Fault is { } fault)
            {
                Faults.Add((row, fault));
            }
            else
            {
                rows.Add(new InboundRow(row, mapped, RecordShape.MatchKeyOf(mapper.Type, mapped.Fields)));
            }
        }

        // New records are made in the order of the index in which they lie at places all over, so that those for one page of it are written one after the other.
        Rows = [.. rows.OrderBy(row => row.MatchKey, StringComparer.Ordinal)];
        ExternalIds = [.. Rows.Select(row => row.Remote.Id), .. Gone.Select(row => row.Id), .. Faults.Select(fault => fault.Row.Id)];
    }

    public RecordMapper Mapper { get; }

    public IReadOnlyList<RemoteRow> Remote { get; }

    /// <summary>By their match keys; those without one first, as they came.</summary>
    public IReadOnlyList<InboundRow> Rows { get; }

    public List<(RemoteRow Row, string Fault)> Faults { get; } = [];

    public List<RemoteRow> Gone { get; } = [];

    public IReadOnlyCollection<string> ExternalIds { get; }

    // A lot may hold a row twice; the newest counts, and of equal ones the later.
    private static IEnumerable<RemoteRow> NewestOf(IReadOnlyList<RemoteRow> rows)
    {
        Dictionary<string, RemoteRow> newest = new(rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!newest.TryGetValue(row.Id, out var other) || !(other.UpdatedAt > row.UpdatedAt))
            {
                newest[row.Id] = row;
            }
        }

        return newest.Values;
    }
}
