using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>The session of <see cref="PostgresGroupWriter"/> on one connection, whose transaction the writer begins and ends.</summary>
internal sealed class PostgresWriteSession(NpgsqlConnection connection) : WriteSession
{
    // The first part of the advisory locks' keys, which tells them from those of others.
    private const int LockClass = 730_114;
    private const int LockSlots = 512;

    private readonly List<HubSignal> _signals = [];

    /// <summary>What to tell once the transaction has committed.</summary>
    public IReadOnlyList<HubSignal> Signals => _signals;

    public override string ForUpdateSkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string? NowSql => "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    // As an array it is one walk of an index; a relation would be joined row by row.
    public override string OneOf(int parameter) => $"= ANY (ARRAY(SELECT json_array_elements_text(${parameter}::json)))";

    public override string OneOfNumbers(int parameter) => $"= ANY (ARRAY(SELECT json_array_elements_text(${parameter}::json)::bigint))";

    public override async ValueTask LockAsync(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1, slot) FROM unnest($2) AS slot", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LockClass });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. names.Select(SlotOf).Distinct().Order()] });
        await command.ExecuteNonQueryAsync();
    }

    public override async ValueTask<int> ExecuteAsync(string sql, Action<ParameterBinder> bind)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        bind(new PostgresBinder(command.Parameters));
        return await command.ExecuteNonQueryAsync();
    }

    public override async ValueTask ExecuteManyAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
    {
        if (rows.Count >= PostgresCopy.Fewest && PostgresCopy.For(sql) is { } copy)
        {
            await copy.RunAsync(connection, PostgresColumns.Of(rows, bind));
            return;
        }

        if (rows.Count > 1 && PostgresSetStatement.For(sql) is { } statement)
        {
            var columns = PostgresColumns.Of(rows, bind);
            if (columns.AreDistinct(statement.Keys))
            {
                await using var command = new NpgsqlCommand(statement.ToText(columns.Count), connection);
                columns.AddTo(command.Parameters);
                await command.ExecuteNonQueryAsync();
                return;
            }
        }

        await ExecuteEachAsync(sql, rows, bind);
    }

    public override async ValueTask<List<TResult>> QueryAsync<TResult>(string sql, Action<ParameterBinder> bind, Func<RowReader, TResult> map)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        bind(new PostgresBinder(command.Parameters));
        List<TResult> results = [];
        await using var reader = await command.ExecuteReaderAsync();
        var row = new PostgresRow(reader);
        while (await reader.ReadAsync())
        {
            row.Rewind();
            results.Add(map(row));
        }

        return results;
    }

    public override async ValueTask<List<TResult>> QueryManyAsync<TRow, TResult>(
        string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind, Func<RowReader, TRow, TResult> map)
    {
        List<TResult> results = [];
        if (rows.Count == 0)
        {
            return results;
        }

        await using var batch = Batch(sql, rows, bind);
        await using var reader = await batch.ExecuteReaderAsync();
        var row = new PostgresRow(reader);
        foreach (var asked in rows)
        {
            while (await reader.ReadAsync())
            {
                row.Rewind();
                results.Add(map(row, asked));
            }

            await reader.NextResultAsync();
        }

        return results;
    }

    public override async ValueTask AnalyzeAsync(params IReadOnlyList<string> tables)
    {
        await using var command = new NpgsqlCommand($"ANALYZE {string.Join(", ", tables.Select(table => $"\"{table}\""))}", connection);
        await command.ExecuteNonQueryAsync();
    }

    public override void SignalAfterCommit(HubSignal signal)
    {
        if (!_signals.Contains(signal))
        {
            _signals.Add(signal);
        }
    }

    private async ValueTask ExecuteEachAsync<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var batch = Batch(sql, rows, bind);
        await batch.ExecuteNonQueryAsync();
    }

    // The same on every node, as string.GetHashCode is not (FNV-1a).
    private static int SlotOf(string name)
    {
        var hash = 2166136261u;
        foreach (var character in name)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)(hash % LockSlots);
    }

    private NpgsqlBatch Batch<TRow>(string sql, IReadOnlyList<TRow> rows, Action<ParameterBinder, TRow> bind)
    {
        NpgsqlBatch batch = new(connection);
        foreach (var row in rows)
        {
            var command = new NpgsqlBatchCommand(sql);
            bind(new PostgresBinder(command.Parameters), row);
            batch.BatchCommands.Add(command);
        }

        return batch;
    }
}
