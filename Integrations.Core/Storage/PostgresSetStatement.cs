using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Integrations.Core.Storage;

/// <summary>
/// A statement for one row, written anew for many: its parameters become columns of a relation that the server unpacks from arrays, so that a lot costs one
/// execution instead of one for each row. Only forms that surely do what the single statements would have done one after the other are taken:
/// INSERT … VALUES, UPDATE … WHERE with columns equal to parameters, and the call of a function.
/// </summary>
internal sealed partial class PostgresSetStatement
{
    private static readonly ConcurrentDictionary<string, PostgresSetStatement?> _known = new(StringComparer.Ordinal);

    private readonly string _before;
    private readonly string _after;
    private string? _text;

    private PostgresSetStatement(string before, string after, IReadOnlyList<int> keys)
    {
        _before = Parameter().Replace(before, "rows.c${number}");
        _after = Parameter().Replace(after, "rows.c${number}");
        Keys = keys;
    }

    /// <summary>The parameters, numbered from 1, that name the row to change: of two rows that agree in all of them, the second must see what the first did.</summary>
    public IReadOnlyList<int> Keys { get; }

    /// <returns>Null when the statement has no form that takes many rows.</returns>
    public static PostgresSetStatement? For(string sql) => _known.GetOrAdd(sql, static text => Parse(text.Trim()));

    /// <param name="parameters">How many a row has.</param>
    public string ToText(int parameters)
    {
        return _text ??= $"{_before} FROM unnest({Join("$")}) AS rows({Join("c")}) {_after}".TrimEnd();

        string Join(string prefix) => string.Join(", ", Enumerable.Range(1, parameters).Select(i => prefix + i.ToString(CultureInfo.InvariantCulture)));
    }

    private static PostgresSetStatement? Parse(string sql) => Call().IsMatch(sql) ? new PostgresSetStatement(sql, "", [])
        : NotPlain().IsMatch(sql) ? null
        : Insert().Match(sql) is { Success: true } insert ? FromInsert(insert)
        : Update().Match(sql) is { Success: true } update ? FromUpdate(update)
        : null;

    private static PostgresSetStatement? FromInsert(Match insert)
    {
        var conflict = insert.Groups["conflict"].Value;
        var before = $"INSERT INTO {insert.Groups["target"].Value} SELECT {insert.Groups["values"].Value}";
        if (!conflict.Contains("DO UPDATE", StringComparison.Ordinal))
        {
            return new PostgresSetStatement(before, conflict, []);
        }

        // Where the row is there already, its new values are seen as excluded, and no parameters.
        var columns = Names(insert.Groups["columns"].Value);
        var values = Comma().Split(insert.Groups["values"].Value);
        var names = Names(ConflictTarget().Match(conflict).Groups["columns"].Value);
        if (conflict.Contains('$') || columns.Count != values.Length || names.Exists(name => !columns.Contains(name)))
        {
            return null;
        }

        var keys = names.ConvertAll(name => OnlyParameter().Match(values[columns.IndexOf(name)]));
        return keys.TrueForAll(key => key.Success) ? new PostgresSetStatement(before, conflict, keys.ConvertAll(Number)) : null;
    }

    private static PostgresSetStatement? FromUpdate(Match update)
    {
        var (set, where) = (update.Groups["set"].Value, update.Groups["where"].Value);
        List<int> keys = [];
        foreach (var condition in And().Split(where).Where(condition => condition.Contains('$')))
        {
            var match = IsParameter().Match(condition);
            if (!match.Success)
            {
                return null;
            }

            // A column by which rows are found may get another value only where a later row of the lot does not look: others, which stay as they are, tell the rows apart.
            if (!Assigned().Matches(set).Any(assigned => assigned.Groups["column"].Value == match.Groups["column"].Value))
            {
                keys.Add(Number(match));
            }
        }

        return keys.Count == 0 || Or().IsMatch(where) ? null : new PostgresSetStatement($"UPDATE {update.Groups["table"].Value} SET {set}", $"WHERE {where}", keys);
    }

    private static List<string> Names(string list) => [.. Comma().Split(list).Select(name => name.Trim())];

    private static int Number(Match parameter) => int.Parse(parameter.Groups["number"].Value, CultureInfo.InvariantCulture);

#pragma warning disable MA0009 // They read the hub's own statements, and nothing that comes from outside.
    [GeneratedRegex(@"\$(?<number>\d+)")]
    private static partial Regex Parameter();

    // Flags are bound as numbers: of two that are alike, both or none equals one.
    [GeneratedRegex(@"^\s*\$(?<number>\d+)(?: = 1)?\s*$")]
    private static partial Regex OnlyParameter();

    [GeneratedRegex(@"^SELECT \w+\([^()']*\)$")]
    private static partial Regex Call();

    // Literals could hide parentheses and words, and a query inside could read what an earlier row has changed.
    [GeneratedRegex(@"'|--|;|\b(?:SELECT|RETURNING|DEFAULT|(?<!DISTINCT )FROM)\b")]
    private static partial Regex NotPlain();

    [GeneratedRegex(@"^INSERT INTO (?<target>""\w+"" \((?<columns>[^()]*)\))\s+VALUES \((?<values>(?:[^()]|\([^()]*\))*)\)\s*(?<conflict>ON CONFLICT\b.*)?$", RegexOptions.Singleline)]
    private static partial Regex Insert();

    [GeneratedRegex(@"^ON CONFLICT \((?<columns>[^()]*)\)")]
    private static partial Regex ConflictTarget();

    [GeneratedRegex(@"^UPDATE (?<table>""\w+"")\s+SET\s+(?<set>.*?)\s+WHERE\s+(?<where>.*)$", RegexOptions.Singleline)]
    private static partial Regex Update();

    [GeneratedRegex(@"^\s*(?<column>""\w+"") = \$(?<number>\d+)\s*$")]
    private static partial Regex IsParameter();

    [GeneratedRegex(@"(?<column>""\w+"") = (?!NULL\b)")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\s+AND\s+")]
    private static partial Regex And();

    [GeneratedRegex(@"\bOR\b")]
    private static partial Regex Or();

    // Not those inside parentheses.
    [GeneratedRegex(@",(?![^()]*\))")]
    private static partial Regex Comma();
#pragma warning restore MA0009
}
