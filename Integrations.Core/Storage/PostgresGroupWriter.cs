using Npgsql;
using NpgsqlTypes;

namespace Integrations.Core.Storage;

/// <summary>The hot writes on PostgreSQL: a transaction for each call; the server gathers their commits itself.</summary>
internal sealed class PostgresGroupWriter(Database database) : IGroupWriter
{
    public async Task<T> WriteAsync<T>(Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.Postgres!.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = new Session(connection);
        var result = await work(session);
        await session.NotifyAsync();
        // No cancellation from here on: a caller who leaves during the commit would not know whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private sealed class Session(NpgsqlConnection connection) : WriteSession
    {
        private readonly HashSet<HubSignal> _signals = [];

        public override string ForUpdateSkipLocked => "FOR UPDATE SKIP LOCKED";

        public override string? NowSql => "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

        public override async ValueTask LockAsync(string name) =>
            await ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", bind => bind.Add(name));

        public override async ValueTask<int> ExecuteAsync(string sql, Action<ParameterBinder> bind)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            bind(new Binder(command.Parameters));
            return await command.ExecuteNonQueryAsync();
        }

        public override async ValueTask ExecuteManyAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
        {
            if (rows.Count == 0)
            {
                return;
            }

            await using var batch = new NpgsqlBatch(connection);
            foreach (var row in rows)
            {
                var command = new NpgsqlBatchCommand(sql);
                bind(new Binder(command.Parameters), row);
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync();
        }

        public override async ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            bind(new Binder(command.Parameters));
            List<TResult> results = [];
            await using var reader = await command.ExecuteReaderAsync();
            var row = new RowReader(reader, guidsAreBytes: false);
            while (await reader.ReadAsync())
            {
                row.Rewind();
                results.Add(map(row));
            }

            return results;
        }

        public override void SignalAfterCommit(HubSignal signal) => _signals.Add(signal);

        // NOTIFY is delivered when the transaction commits, to this node as well.
        public async Task NotifyAsync()
        {
            if (_signals.Count > 0)
            {
                await ExecuteManyAsync("SELECT pg_notify($1, $2)", [.. _signals], static (bind, signal) => bind.Add(PostgresSignalRelay.Channel).Add(signal.ToText()));
            }
        }
    }

    private sealed class Binder(NpgsqlParameterCollection parameters) : ParameterBinder
    {
        public override ParameterBinder Add(Guid value) => Add(new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid });

        public override ParameterBinder Add(Guid? value) => AddNullable(NpgsqlDbType.Uuid, value);

        public override ParameterBinder Add(long value) => Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });

        public override ParameterBinder Add(long? value) => AddNullable(NpgsqlDbType.Bigint, value);

        public override ParameterBinder Add(string? value) => AddNullable(NpgsqlDbType.Text, value);

        public override ParameterBinder Add(byte[]? value) => AddNullable(NpgsqlDbType.Bytea, value);

        private Binder AddNullable(NpgsqlDbType type, object? value) => Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

        private Binder Add(NpgsqlParameter parameter)
        {
            parameters.Add(parameter);
            return this;
        }
    }
}
