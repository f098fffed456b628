using CsvHelper;

namespace Integrations.Web.Records;

/// <summary>A CSV file that somebody chose: its columns, and its rows as often as they are asked for.</summary>
public sealed class CsvTable
{
    public const int MaxBytes = 10 * 1024 * 1024;

    private readonly byte[] _content;

    private CsvTable(byte[] content, IReadOnlyList<string> headers, int rows) => (_content, Headers, Rows) = (content, headers, rows);

    public IReadOnlyList<string> Headers { get; }

    public int Rows { get; }

    /// <summary>Reads a file through once.</summary>
    /// <exception cref="FormatException">It is no CSV file, or has no rows.</exception>
    public static async Task<CsvTable> ReadAsync(byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            using MemoryStream stream = new(content);
            await using var csv = CsvReader.Create(stream, null, true);
            await csv.ReadHeaderAsync(cancellationToken);
            List<string> headers = [.. csv.Headers];
            if (headers.Count == 0 || headers.TrueForAll(string.IsNullOrWhiteSpace))
            {
                throw new FormatException("The file has no columns. Its first line must name them.");
            }

            var rows = 0;
            while (await csv.ReadAsync(cancellationToken))
            {
                rows++;
            }

            return rows > 0 ? new CsvTable(content, headers, rows) : throw new FormatException("The file has no rows below its first line.");
        }
        catch (CsvFormatException fault)
        {
            throw new FormatException($"The file cannot be read as CSV: {fault.Message}", fault);
        }
    }

    /// <summary>The rows in their order, with the line in which each begins, as a spreadsheet counts: the names of the columns are line 1.</summary>
    public async IAsyncEnumerable<(int Line, IReadOnlyList<string> Cells)> ReadRowsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using MemoryStream stream = new(_content);
        await using var csv = CsvReader.Create(stream, null, true);
        await csv.ReadHeaderAsync(cancellationToken);
        var line = 1;
        while (await csv.ReadAsync(cancellationToken))
        {
            yield return (++line, [.. Enumerable.Range(0, Headers.Count).Select(csv.GetString)]);
        }
    }
}
