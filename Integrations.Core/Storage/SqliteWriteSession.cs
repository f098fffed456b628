namespace Integrations.Core.Storage;

/// <summary>The session of <see cref="SqliteGroupWriter"/>, which owns its connection.</summary>
internal sealed class SqliteWriteSession(SqliteStatements statements) : WriteSession, IDisposable
{
    private readonly List<HubSignal> _signals = [];
    private int _signalsBeforeWork;

    public override string ForUpdateSkipLocked => "";

    public override string? NowSql => null;

    public override string OneOf(int parameter) => $"IN (SELECT value FROM json_each(${parameter}))";

    public override string OneOfNumbers(int parameter) => OneOf(parameter);

    public void Begin()
    {
        _signals.Clear();
        statements.Run("BEGIN IMMEDIATE");
    }

    public void Commit() => statements.Run("COMMIT");

    public void BeginWork()
    {
        _signalsBeforeWork = _signals.Count;
        statements.Run("SAVEPOINT work");
    }

    public void EndWork() => statements.Run("RELEASE work");

    public void UndoWork()
    {
        _signals.RemoveRange(_signalsBeforeWork, _signals.Count - _signalsBeforeWork);
        statements.Run("ROLLBACK TO work");
        statements.Run("RELEASE work");
    }

    public void Publish(HubSignals signals)
    {
        foreach (var signal in _signals)
        {
            signals.Publish(signal);
        }
    }

    public override ValueTask LockAsync(IReadOnlyCollection<string> names) => ValueTask.CompletedTask;

    public override ValueTask<int> ExecuteAsync(string sql, Action<ParameterBinder> bind) => ValueTask.FromResult(statements[sql].Execute(bind));

    public override ValueTask ExecuteManyAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
    {
        var statement = statements[sql];
        foreach (var row in rows)
        {
            statement.Execute(bind, row);
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map) =>
        ValueTask.FromResult(statements.Query(sql, bind, map));

    public override ValueTask<List<TResult>> QueryManyAsync<TRow, TResult>(
        string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map) =>
        ValueTask.FromResult(statements.QueryMany(sql, rows, bind, map));

    public override void SignalAfterCommit(HubSignal signal)
    {
        if (!_signals.Contains(signal))
        {
            _signals.Add(signal);
        }
    }

    public void Dispose() => statements.Dispose();
}
