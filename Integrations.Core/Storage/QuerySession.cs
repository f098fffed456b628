namespace Integrations.Core.Storage;

/// <summary>
/// Plain SQL that reads, the same text on both databases: identifiers in double quotes, parameters <c>$1</c>, <c>$2</c> … in the order in which they are bound.
/// </summary>
public abstract class QuerySession
{
    /// <summary>Asks the database for the time in milliseconds since 1970; null where its clock is this machine's.</summary>
    public abstract string? NowSql { get; }

    /// <summary>What says of the column before it that it is one of the texts in a parameter that holds a JSON list of them: one statement asks for many rows.</summary>
    /// <param name="parameter">Its number.</param>
    public abstract string OneOf(int parameter);

    /// <summary>The same for whole numbers.</summary>
    public abstract string OneOfNumbers(int parameter);

    public abstract ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map);

    /// <summary>Runs one query for each row, in one go.</summary>
    /// <param name="map">Reads a result of the query of a row.</param>
    public abstract ValueTask<List<TResult>> QueryManyAsync<TRow, TResult>(
        string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map);
}
