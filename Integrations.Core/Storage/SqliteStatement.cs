using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Integrations.Core.Storage;

/// <summary>
/// A statement that SQLite compiled, kept and run again and again. It calls SQLite without ADO.NET between: on the hot tables that layer, which looks every parameter up by its
/// name at every run, cost as much as SQLite itself.
/// </summary>
internal sealed class SqliteStatement : ParameterBinder, IDisposable
{
    // Enough for a row of nearly every statement; what does not fit is copied by SQLite.
    private const int OwnMemory = 4096;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _databaseHandle;
    private readonly nint _handle;
    private readonly Row _row;
    // SQLite counts named parameters in the order in which they first stand in the text; ours are bound in the order of their numbers.
    private readonly int[] _places;
    // Where the bound texts and bytes are while the statement runs. It does not move, so that SQLite reads them there instead of copying them.
    private byte[] _memory = [];
    private int _taken;
    private int _next;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        // It lives long, which SQLite likes to know (it then takes no memory of its small pool).
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement), database);
        (_databaseHandle, _handle) = (database.DangerousGetHandle(), _statement.DangerousGetHandle());
        _row = new Row(_handle);
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
        return AddBytes(bytes);
    }

    public override ParameterBinder Add(Guid? value) => value is { } id ? Add(id) : AddNull();

    public override ParameterBinder Add(long value) => Bound(SqliteCalls.BindInt64(_handle, Next(), value));

    public override ParameterBinder Add(long? value) => value is { } number ? Add(number) : AddNull();

    public override ParameterBinder Add(string? value)
    {
        if (value is null)
        {
            return AddNull();
        }

        if (Room(value.Length == 0 ? 0 : Encoding.UTF8.GetMaxByteCount(value.Length)) is { IsEmpty: false } room)
        {
            var length = Take(Encoding.UTF8.GetBytes(value, room));
            return Bound(SqliteCalls.BindText(_handle, Next(), in room[0], length));
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        return Bound(SqliteCalls.BindCopyOfText(_handle, Next(), in bytes[0], bytes.Length));
    }

    // A blob of no bytes would be bound as null.
    public override ParameterBinder Add(byte[]? value) => value switch
    {
        null => AddNull(),
        [] => Bound(SqliteCalls.BindZeroBlob(_handle, Next(), 0)),
        _ => AddBytes(value),
    };

    /// <returns>Rows changed.</returns>
    public int Execute(Action<ParameterBinder> bind)
    {
        Begin();
        bind(this);
        return Execute();
    }

    /// <inheritdoc cref="Execute(Action{ParameterBinder})"/>
    public int Execute<TRow>(Action<ParameterBinder, TRow> bind, TRow row)
    {
        Begin();
        bind(this, row);
        return Execute();
    }

    public void Query<TRow, TResult>(Action<ParameterBinder, TRow> bind, TRow asked, Func<RowReader, TRow, TResult> map, List<TResult> results)
    {
        Begin();
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
            _ = SqliteCalls.Reset(_handle);
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

            return SqliteCalls.Changes(_databaseHandle);
        }
        finally
        {
            // Tells again what the step told.
            _ = SqliteCalls.Reset(_handle);
        }
    }

    private void Begin() => (_next, _taken) = (0, 0);

    private bool Step()
    {
        var result = SqliteCalls.Step(_handle);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        throw Failure(result, _database);
    }

    private int Next() => _places[_next++];

    private SqliteStatement AddNull() => Bound(SqliteCalls.BindNull(_handle, Next()));

    private SqliteStatement AddBytes(ReadOnlySpan<byte> bytes)
    {
        if (Room(bytes.Length) is { IsEmpty: false } room)
        {
            bytes.CopyTo(room);
            return Bound(SqliteCalls.BindBlob(_handle, Next(), in room[0], Take(bytes.Length)));
        }

        return Bound(SqliteCalls.BindCopyOfBlob(_handle, Next(), in bytes[0], bytes.Length));
    }

    // There is one byte more than is given away, so that a text of no characters has an address too.
    private Span<byte> Room(int most)
    {
        if (_memory.Length == 0)
        {
            _memory = GC.AllocateUninitializedArray<byte>(OwnMemory + 1, pinned: true);
        }

        return most <= OwnMemory - _taken ? _memory.AsSpan(_taken) : default;
    }

    private int Take(int length)
    {
        _taken += length;
        return length;
    }

    private SqliteStatement Bound(int result)
    {
        Check(result, _database);
        return this;
    }

    // As ADO.NET would tell it.
    private static SqliteException Failure(int result, sqlite3 database) =>
        new($"SQLite Error {result}: '{raw.sqlite3_errmsg(database).utf8_to_string()}'.", result, raw.sqlite3_extended_errcode(database));

    private sealed class Row(nint statement) : RowReader
    {
        protected override bool IsNull(int column) => SqliteCalls.ColumnType(statement, column) == raw.SQLITE_NULL;

        protected override long Int64At(int column) => SqliteCalls.ColumnInt64(statement, column);

        protected override Guid GuidAt(int column) => new(Span(SqliteCalls.ColumnBlob(statement, column), column), bigEndian: true);

        protected override string TextAt(int column) => Encoding.UTF8.GetString(Span(SqliteCalls.ColumnText(statement, column), column));

        protected override byte[] BytesAt(int column) => Span(SqliteCalls.ColumnBlob(statement, column), column).ToArray();

        private unsafe ReadOnlySpan<byte> Span(nint memory, int column) => new((void*)memory, SqliteCalls.ColumnBytes(statement, column));
    }
}
