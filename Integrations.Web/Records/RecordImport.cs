using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Web.Records;

/// <summary>A line of a file that was not taken, and why.</summary>
public sealed record FailedLine(int Line, string Name, string Error);

/// <summary>Takes a file in, lot by lot, and counts what became of its rows.</summary>
public sealed class RecordImport(RecordService records, RecordType type, CsvTable table, ImportMapping mapping)
{
    /// <summary>Failed lines that are kept; later ones are only counted.</summary>
    public const int MaxKept = 500;

    private const int Lot = 500;

    private readonly List<FailedLine> _failures = [];

    public int Done { get; private set; }

    public int Created { get; private set; }

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    public int Failed { get; private set; }

    public IReadOnlyList<FailedLine> Failures => _failures;

    /// <summary>Each lot is a transaction of its own, so one that is cancelled keeps what it did.</summary>
    /// <param name="progressed">Called after each lot.</param>
    public async Task RunAsync(Func<Task<Actor>> actor, Action progressed, CancellationToken cancellationToken)
    {
        List<(int Line, IReadOnlyList<string> Cells, JsonElement Item)> lot = [];
        await foreach (var (line, cells) in table.ReadRowsAsync(cancellationToken))
        {
            var (item, faults) = mapping.ToItem(cells);
            if (faults.Count > 0)
            {
                Fail(line, cells, string.Join(' ', faults));
                Done++;
                continue;
            }

            lot.Add((line, cells, item));
            if (lot.Count == Lot)
            {
                await StoreAsync(await actor(), lot, cancellationToken);
                progressed();
            }
        }

        if (lot.Count > 0)
        {
            await StoreAsync(await actor(), lot, cancellationToken);
        }

        progressed();
    }

    private async Task StoreAsync(Actor actor, List<(int Line, IReadOnlyList<string> Cells, JsonElement Item)> lot, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A lot that has begun is finished: half of one cannot be told from none.
        var outcomes = await records.UpsertAsync(actor, type, lot.ConvertAll(row => row.Item), CancellationToken.None, RecordSource.Import);
        foreach (var (row, outcome) in lot.Zip(outcomes))
        {
            switch (outcome.Status)
            {
                case BulkStatus.Created:
                    Created++;
                    break;
                case BulkStatus.Updated:
                    Updated++;
                    break;
                case BulkStatus.Unchanged:
                    Unchanged++;
                    break;
                default:
                    Fail(row.Line, row.Cells, outcome.Error ?? "It was refused.");
                    break;
            }
        }

        Done += lot.Count;
        lot.Clear();
    }

    private void Fail(int line, IReadOnlyList<string> cells, string error)
    {
        Failed++;
        if (_failures.Count < MaxKept)
        {
            _failures.Add(new FailedLine(line, cells.FirstOrDefault(cell => cell.Trim().Length > 0) ?? "", error));
        }
    }
}
