using System.Globalization;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>Finds the rows of a table by what they are known by. Generated rows hold their index in it; only others are kept.</summary>
internal sealed class RowKeys(DataTable table)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<int>> _kept = new(StringComparer.OrdinalIgnoreCase);

    public void Add(Row row)
    {
        lock (_gate)
        {
            foreach (var key in row.Keys().Where(key => key.Length > 0))
            {
                if (!_kept.TryGetValue(key, out var indexes))
                {
                    _kept.Add(key, indexes = []);
                }

                if (!indexes.Contains(row.Index))
                {
                    indexes.Add(row.Index);
                }
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _kept.Clear();
        }
    }

    public IReadOnlyList<Row> Find(string key)
    {
        List<Row> found = [];
        var end = key.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var start = end;
        while (start > 0 && char.IsAsciiDigit(key[start - 1]))
        {
            start--;
        }

        // Numbers of documents begin with 1, and the row after it may have the same by dirt.
        if (int.TryParse(key.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            found.AddRange(new[] { number - 1, number, number + 1 }.Where(index => index >= 0 && index < table.Generated).Select(table.RowAt)
                .Where(row => row is { IsDeleted: false, Body: null } && row.IsCalled(key)));
        }

        lock (_gate)
        {
            // A row that was renamed is still kept under its old name.
            found.AddRange((_kept.GetValueOrDefault(key) ?? []).Select(table.RowAt)
                .Where(row => !row.IsDeleted && row.IsCalled(key) && !found.Exists(other => other.Index == row.Index)));
        }

        return found;
    }
}
