namespace Integrations.Sandbox.Providers.Data;

/// <summary>What a search found, in an order that stays.</summary>
/// <param name="Page">From an offset, at most so many.</param>
internal sealed record FoundRows(int Count, Func<int, int, IEnumerable<Row>> Page)
{
    public static FoundRows Of(IReadOnlyList<Row> rows) => new(rows.Count, (offset, limit) => rows.Skip(offset).Take(limit));

    public static FoundRows Of(UpdatedView view, int from, int to) =>
        new(Math.Max(0, to - from), (offset, limit) => view.Page(from + offset, Math.Min(limit, Math.Max(0, to - from - offset))));
}
