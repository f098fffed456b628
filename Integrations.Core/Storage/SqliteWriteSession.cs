using Microsoft.Data.Sqlite;

namespace Integrations.Core.Storage;

/// <summary>The session of <see cref="SqliteGroupWriter"/>, which owns its connection: statements are compiled once and kept for the life of the writer.</summary>
internal sealed class SqliteWriteSession(SqliteConnection connection) : WriteSession, IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly List<HubSignal> _signals = [];
    private SqliteTransaction? _transaction;
    private int _signalsBeforeWork;

    public override string ForUpdateSkipLocked => "";

    public override string? NowSql => null;

    public SqliteTransaction Begin()
    {
        _signals.Clear();
        return _transaction = connection.BeginTransaction();
    }

    public void BeginWork()
    {
        _signalsBeforeWork = _signals.Count;
        Command("SAVEPOINT work");
    }

    public void EndWork() => Command("RELEASE work");

    public void UndoWork()
    {
        _signals.RemoveRange(_signalsBeforeWork, _signals.Count - _signalsBeforeWork);
        Command("ROLLBACK TO work");
        Command("RELEASE work");
    }

    public void Publish(HubSignals signals)
    {
        foreach (var signal in _signals)
        {
            signals.Publish(signal);
        }
    }

    public override ValueTask LockAsync(IReadOnlyCollection<string> names) => ValueTask.CompletedTask;

    public override ValueTask<int> ExecuteAsync(string sql, Action<ParameterBinder> bind)
    {
        var statement = Prepare(sql);
        bind(statement.Binder.Restart());
        return ValueTask.FromResult(statement.Command.ExecuteNonQuery());
    }

    public override ValueTask ExecuteManyAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
    {
        var statement = Prepare(sql);
        foreach (var row in rows)
        {
            bind(statement.Binder.Restart(), row);
            statement.Command.ExecuteNonQuery();
        }

        return ValueTask.CompletedTask;
    }

    public override async ValueTask<List<TResult>> QueryManyAsync<TRow, TResult>(
        string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map)
    {
        List<TResult> results = [];
        foreach (var row in rows)
        {
            results.AddRange(await QueryAsync(sql, binder => bind(binder, row), reader => map(reader, row)));
        }

        return results;
    }

    public override ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map)
    {
        var statement = Prepare(sql);
        bind(statement.Binder.Restart());
        List<TResult> results = [];
        using var reader = statement.Command.ExecuteReader();
        var row = new RowReader(reader, guidsAreBytes: true);
        while (reader.Read())
        {
            row.Rewind();
            results.Add(map(row));
        }

        return ValueTask.FromResult(results);
    }

    public override void SignalAfterCommit(HubSignal signal) => _signals.Add(signal);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Command.Dispose();
        }

        connection.Dispose();
    }

    private void Command(string sql) => Prepare(sql).Command.ExecuteNonQuery();

    private Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            statement = new Statement(command, new Binder(command));
            _statements.Add(sql, statement);
        }

        statement.Command.Transaction = _transaction;
        return statement;
    }

    private sealed record Statement(SqliteCommand Command, Binder Binder);

    private sealed class Binder(SqliteCommand command) : ParameterBinder
    {
        private int _next;

        public Binder Restart()
        {
            _next = 0;
            return this;
        }

        public override ParameterBinder Add(Guid value) => Set(value.ToByteArray(bigEndian: true));

        public override ParameterBinder Add(Guid? value) => Set(value?.ToByteArray(bigEndian: true));

        public override ParameterBinder Add(long value) => Set(value);

        public override ParameterBinder Add(long? value) => Set(value);

        public override ParameterBinder Add(string? value) => Set(value);

        public override ParameterBinder Add(byte[]? value) => Set(value);

        private Binder Set(object? value)
        {
            if (_next == command.Parameters.Count)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (_next + 1) });
            }

            command.Parameters[_next++].Value = value ?? DBNull.Value;
            return this;
        }
    }
}
