using System.Data.Common;

namespace Integrations.Core.Storage;

/// <summary>
/// Plain SQL in a transaction of the group writer, the same text on both databases: identifiers in double quotes, parameters <c>$1</c>, <c>$2</c> …
/// in the order in which they are bound.
/// </summary>
public abstract class WriteSession
{
    /// <summary>What follows a SELECT that claims rows: nodes on PostgreSQL pass by rows that another one holds. SQLite has one writer.</summary>
    public abstract string ForUpdateSkipLocked { get; }

    /// <summary>Whether other nodes may work on the same database.</summary>
    public bool HasOtherNodes => ForUpdateSkipLocked.Length > 0;

    /// <summary>Asks the database for the time in milliseconds since 1970; null where its clock is this machine's.</summary>
    public abstract string? NowSql { get; }

    /// <summary>
    /// Until the transaction ends, nobody else who asks for one of the same names goes on. Names share a number of slots, so that many of them cost the server
    /// little. SQLite has one writer, so there it is done already. Ask once in a transaction, so that none waits for another in a circle.
    /// </summary>
    public abstract ValueTask LockAsync(IReadOnlyCollection<string> names);

    /// <returns>Rows changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(string sql, Action<ParameterBinder> bind);

    /// <summary>Runs one statement for each row, in one go.</summary>
    public abstract ValueTask ExecuteManyAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind);

    public abstract ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map);

    /// <summary>Runs one query for each row, in one go.</summary>
    /// <param name="map">Reads a result of the query of a row.</param>
    public abstract ValueTask<List<TResult>> QueryManyAsync<TRow, TResult>(
        string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map);

    /// <summary>Tells the other parts of the hub, on every node, once the transaction has committed.</summary>
    public abstract void SignalAfterCommit(HubSignal signal);
}

/// <summary>Binds parameters by position.</summary>
public abstract class ParameterBinder
{
    public abstract ParameterBinder Add(Guid value);

    public abstract ParameterBinder Add(long value);

    public abstract ParameterBinder Add(long? value);

    public abstract ParameterBinder Add(string? value);

    public abstract ParameterBinder Add(byte[]? value);

    public abstract ParameterBinder Add(Guid? value);

    public ParameterBinder Add(DateTimeOffset value) => Add(value.ToUnixTimeMilliseconds());

    public ParameterBinder Add(DateTimeOffset? value) => Add(value?.ToUnixTimeMilliseconds());
}

/// <summary>Reads a row's columns in the order of the SELECT.</summary>
public sealed class RowReader(DbDataReader reader, bool guidsAreBytes)
{
    private int _column;

    internal void Rewind() => _column = 0;

    public Guid Guid()
    {
        var column = _column++;
        return guidsAreBytes ? new Guid(reader.GetFieldValue<byte[]>(column), bigEndian: true) : reader.GetGuid(column);
    }

    public long Int64() => reader.GetInt64(_column++);

    public int Int32() => reader.GetInt32(_column++);

    public int? NullableInt32() => (int?)NullableInt64();

    public long? NullableInt64()
    {
        var column = _column++;
        return reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }

    public string Text() => reader.GetString(_column++);

    public string? NullableText()
    {
        var column = _column++;
        return reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    public byte[]? NullableBytes()
    {
        var column = _column++;
        return reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
    }

    public DateTimeOffset? NullableTime() => NullableInt64() is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_column++);

    public DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(Int64());
}
