using SQLitePCL;

namespace Integrations.Core.Storage;

/// <summary>A connection that one user has for itself, with the statements that it compiled, each of which is kept for the life of the connection.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _database;

    /// <param name="path">The database file, which is there.</param>
    /// <param name="busyTimeout">How long a statement waits for the lock of another process, such as <c>admin create</c> beside a running hub.</param>
    public SqliteStatements(string path, TimeSpan busyTimeout)
    {
        var result = raw.sqlite3_open_v2(path, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            SqliteStatement.Check(result, _database);
            raw.sqlite3_busy_timeout(_database, (int)busyTimeout.TotalMilliseconds);
            SqliteStatement.Check(raw.sqlite3_exec(_database, "PRAGMA foreign_keys=ON; " + SqlitePragmas.Statements), _database);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public SqliteStatement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
            {
                statement = new SqliteStatement(_database, sql);
                _statements.Add(sql, statement);
            }

            return statement;
        }
    }

    public void Run(string sql) => this[sql].Execute(static _ => { });

    public List<TResult> Query<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map)
    {
        List<TResult> results = [];
        this[sql].Query(static (binder, given) => given.bind(binder), (bind, map), static (row, given) => given.map(row), results);
        return results;
    }

    public List<TResult> QueryMany<TRow, TResult>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map)
    {
        List<TResult> results = [];
        var statement = this[sql];
        foreach (var row in rows)
        {
            statement.Query(bind, row, map, results);
        }

        return results;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        // Takes back what was not committed.
        _database.Dispose();
    }
}
