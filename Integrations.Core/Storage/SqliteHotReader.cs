namespace Integrations.Core.Storage;

/// <summary>Reads on a connection of its own: in SQLite's WAL mode readers and the writer do not meet.</summary>
internal sealed class SqliteHotReader(Database database) : IHotReader, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Session? _session;

    public async Task<T> ReadAsync<T>(Func<QuerySession, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _session ??= new Session(database.OpenSqliteStatements());
            return await read(_session);
        }
        catch
        {
            // The connection may be in any state, so the next one who reads begins with a new one.
            _session?.Dispose();
            _session = null;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        // Whoever still reads has the statements in hand.
        _turn.Wait();
        _session?.Dispose();
        _turn.Dispose();
    }

    private sealed class Session(SqliteStatements statements) : QuerySession, IDisposable
    {
        public override string? NowSql => null;

        public override string OneOf(int parameter) => $"IN (SELECT value FROM json_each(${parameter}))";

        public override string OneOfNumbers(int parameter) => OneOf(parameter);

        public override ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map) =>
            ValueTask.FromResult(statements.Query(sql, bind, map));

        public override ValueTask<List<TResult>> QueryManyAsync<TRow, TResult>(
            string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map) =>
            ValueTask.FromResult(statements.QueryMany(sql, rows, bind, map));

        public void Dispose() => statements.Dispose();
    }
}
