using System.Globalization;
using System.Text.RegularExpressions;

namespace Integrations.Sandbox.Providers.Data;

/// <param name="Operator">=, !=, &lt;, &gt;, &lt;=, &gt;= or in, in lower case.</param>
internal sealed record QueryClause(string Field, string Operator, IReadOnlyList<string> Values)
{
    public bool IsEquality => Operator is "=" or "in";
}

/// <summary>The part of SQL that the query languages of QuickBooks and Salesforce have in common.</summary>
internal sealed partial record RowQuery(string What, string Entity, IReadOnlyList<QueryClause> Clauses)
{
    public string OrderBy { get; private init; } = "";

    public bool IsDescending { get; private init; }

    /// <summary>QuickBooks counts from 1.</summary>
    public int? StartPosition { get; private init; }

    public int? MaxResults { get; private init; }

    public int? Limit { get; private init; }

    public int? Offset { get; private init; }

    public bool Counts => What.StartsWith("count(", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it is not understood.</summary>
    public static RowQuery? Parse(string text)
    {
        if (Whole().Match(text.Trim()) is not { Success: true } whole)
        {
            return null;
        }

        var where = whole.Groups["where"].Value;
        var clauses = Clause().Matches(where).Select(clause => new QueryClause(
            clause.Groups["field"].Value, clause.Groups["operator"].Value.ToLowerInvariant(), [.. Value().Matches(clause.Groups["value"].Value).Select(value => Plain(value.Value))])).ToList();
        return new RowQuery(whole.Groups["what"].Value, whole.Groups["entity"].Value, clauses)
        {
            OrderBy = whole.Groups["order"].Value,
            IsDescending = whole.Groups["desc"].Success,
            StartPosition = Number(whole.Groups["start"]),
            MaxResults = Number(whole.Groups["max"]),
            Limit = Number(whole.Groups["limit"]),
            Offset = Number(whole.Groups["offset"]),
        };
    }

    /// <summary>Runs it, quickly where only the time of change is asked for. Null when a time is none.</summary>
    /// <param name="modified">The field with the time of change.</param>
    /// <param name="keys">The fields that rows are found by.</param>
    /// <param name="valueOf">The text of any other field.</param>
    public FoundRows? Find(DataTable table, string modified, IReadOnlyCollection<string> keys, bool withDeleted, Func<Row, string, string?> valueOf)
    {
        var (from, to) = (DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        List<QueryClause> rest = [];
        foreach (var clause in Clauses)
        {
            if (!Is(clause.Field, modified))
            {
                rest.Add(clause);
                continue;
            }

            if (!DateTimeOffset.TryParse(clause.Values is [var text, ..] ? text : "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return null;
            }

            (from, to) = clause.Operator switch
            {
                ">" => (time.AddTicks(1), to),
                ">=" => (time, to),
                "<" => (from, time.AddTicks(-1)),
                "<=" => (from, time),
                _ => (time, time),
            };
        }

        var view = table.Snapshot.Updated(from, withDeleted);
        var byTime = Is(OrderBy, modified) || (OrderBy.Length == 0 && from > DateTimeOffset.UnixEpoch);
        if (rest.Count == 0 && byTime && !IsDescending)
        {
            return FoundRows.Of(view, 0, view.FirstAfter(to));
        }

        if (rest.Count == 0 && !byTime && !IsDescending && from == DateTimeOffset.UnixEpoch && to == DateTimeOffset.MaxValue && !withDeleted)
        {
            var snapshot = table.Snapshot;
            return new FoundRows(snapshot.Live, snapshot.Page);
        }

        var candidates = rest.Find(clause => clause.IsEquality && Is(clause.Field, "Id")) is { } byId ? byId.Values.Select(table.Find).Where(row => row is { } found && (withDeleted || !found.IsDeleted)).Select(row => row!.Value)
            : rest.Find(clause => clause.IsEquality && keys.Contains(clause.Field, StringComparer.OrdinalIgnoreCase)) is { } byKey ? byKey.Values.SelectMany(table.FindByKey)
            : view.Page(0, int.MaxValue);
        var rows = candidates.Where(row => row.Updated >= from && row.Updated <= to && rest.TrueForAll(clause => Matches(row, clause, valueOf))).ToList();
        rows.Sort((a, b) => byTime ? (a.Updated, a.Index).CompareTo((b.Updated, b.Index)) : a.Index.CompareTo(b.Index));
        if (IsDescending)
        {
            rows.Reverse();
        }

        return FoundRows.Of(rows);
    }

    private static bool Matches(Row row, QueryClause clause, Func<Row, string, string?> valueOf)
    {
        var value = Is(clause.Field, "Id") ? row.Id : valueOf(row, clause.Field) ?? "null";
        var isIn = clause.Values.Contains(value, StringComparer.OrdinalIgnoreCase);
        return clause.Operator switch
        {
            "!=" => !isIn,
            ">" => string.CompareOrdinal(value, clause.Values[0]) > 0,
            ">=" => string.CompareOrdinal(value, clause.Values[0]) >= 0,
            "<" => string.CompareOrdinal(value, clause.Values[0]) < 0,
            "<=" => string.CompareOrdinal(value, clause.Values[0]) <= 0,
            _ => isIn,
        };
    }

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static int? Number(Group group) => int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Plain(string value) => value[0] == '\'' ? Escaped().Replace(value[1..^1], "$1") : value;

    [GeneratedRegex(
        """^select\s+(?<what>\*|count\(\*?\)|[\w.]+(\s*,\s*[\w.]+)*)\s+from\s+(?<entity>\w+)(\s+where\s+(?<where>[\w.]+\s*(>=|<=|!=|>|<|=|\sin\b)\s*('(\\.|[^'\\])*'|\([^)]*\)|[^\s'()]+)(\s+and\s+[\w.]+\s*(>=|<=|!=|>|<|=|\sin\b)\s*('(\\.|[^'\\])*'|\([^)]*\)|[^\s'()]+))*))?(\s+order\s*by\s+(?<order>[\w.]+)(\s+asc|(?<desc>\s+desc))?)?(\s+startposition\s+(?<start>\d+))?(\s+maxresults\s+(?<max>\d+))?(\s+limit\s+(?<limit>\d+))?(\s+offset\s+(?<offset>\d+))?$""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(
        """(?<field>[\w.]+)\s*(?<operator>>=|<=|!=|>|<|=|\bin\b)\s*(?<value>'(\\.|[^'\\])*'|\([^)]*\)|[^\s'()]+)""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Clause();

    [GeneratedRegex("""'(\\.|[^'\\])*'|[^\s'(),]+""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Value();

    [GeneratedRegex("""\\(.)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escaped();
}
