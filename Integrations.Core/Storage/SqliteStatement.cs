using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Integrations.Core.Storage;

/// <summary>
/// A statement that SQLite compiled, kept and run again and again. It calls SQLite without ADO.NET between: on the hot tables that layer, which looks every parameter up by its
/// name at every run, cost as much as SQLite itself.
/// </summary>
internal sealed class SqliteStatement : ParameterBinder, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Row _row;
    // SQLite counts named parameters in the order in which they first stand in the text; ours are bound in the order of their numbers.
    private readonly int[] _places;
    private int _next;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        // It lives long, which SQLite likes to know (it then takes no memory of its small pool).
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), database);
        _row = new Row(_statement);
        _places = [.. Enumerable.Range(1, raw.sqlite3_bind_parameter_count(_statement)).Select(number => raw.sqlite3_bind_parameter_index(_statement, $"${number}"))];
    }

    /// <exception cref="SqliteException">The result is not that all is well.</exception>
    public static void Check(int result, sqlite3 database)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result, database);
        }
    }

    public override ParameterBinder Add(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bound(raw.sqlite3_bind_blob(_statement, Next(), bytes));
    }

    public override ParameterBinder Add(Guid? value) => value is { } id ? Add(id) : AddNull();

    public override ParameterBinder Add(long value) => Bound(raw.sqlite3_bind_int64(_statement, Next(), value));

    public override ParameterBinder Add(long? value) => value is { } number ? Add(number) : AddNull();

    public override ParameterBinder Add(string? value) => value is null ? AddNull() : Bound(raw.sqlite3_bind_text(_statement, Next(), value));

    // A blob of no bytes would be bound as null.
    public override ParameterBinder Add(byte[]? value) => value switch
    {
        null => AddNull(),
        [] => Bound(raw.sqlite3_bind_zeroblob(_statement, Next(), 0)),
        _ => Bound(raw.sqlite3_bind_blob(_statement, Next(), value)),
    };

    /// <returns>Rows changed.</returns>
    public int Execute(Action<ParameterBinder> bind)
    {
        _next = 0;
        bind(this);
        return Execute();
    }

    /// <inheritdoc cref="Execute(Action{ParameterBinder})"/>
    public int Execute<TRow>(Action<ParameterBinder, TRow> bind, TRow row)
    {
        _next = 0;
        bind(this, row);
        return Execute();
    }

    public void Query<TRow, TResult>(Action<ParameterBinder, TRow> bind, TRow asked, Func<RowReader, TRow, TResult> map, List<TResult> results)
    {
        _next = 0;
        try
        {
            bind(this, asked);
            while (Step())
            {
                _row.Rewind();
                results.Add(map(_row, asked));
            }
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private int Execute()
    {
        try
        {
            while (Step())
            {
                // What a statement returns of the rows that it changed is not asked for here.
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            // Tells again what the step told.
            raw.sqlite3_reset(_statement);
        }
    }

    private bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        throw Failure(result, _database);
    }

    private int Next() => _places[_next++];

    private SqliteStatement AddNull() => Bound(raw.sqlite3_bind_null(_statement, Next()));

    private SqliteStatement Bound(int result)
    {
        Check(result, _database);
        return this;
    }

    // As ADO.NET would tell it.
    private static SqliteException Failure(int result, sqlite3 database) =>
        new($"SQLite Error {result}: '{raw.sqlite3_errmsg(database).utf8_to_string()}'.", result, raw.sqlite3_extended_errcode(database));

    private sealed class Row(sqlite3_stmt statement) : RowReader
    {
        protected override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

        protected override long Int64At(int column) => raw.sqlite3_column_int64(statement, column);

        protected override Guid GuidAt(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);

        protected override string TextAt(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

        protected override byte[] BytesAt(int column) => raw.sqlite3_column_blob(statement, column).ToArray();
    }
}
