using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>
/// Sends signals to the other nodes, many at once, after the transactions that caused them: PostgreSQL lets only one transaction at a time commit a NOTIFY, so
/// one in each would make all of them wait for each other's disk. This node hears its own at once.
/// </summary>
internal sealed class PostgresSignalSender : IAsyncDisposable
{
    private readonly Channel<HubSignal> _queue = Channel.CreateUnbounded<HubSignal>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lazy<Task> _loop;
    private readonly Database _database;
    private readonly HubSignals _signals;
    private readonly ILogger<PostgresSignalSender> _log;

    public PostgresSignalSender(Database database, HubSignals signals, ILogger<PostgresSignalSender> log)
    {
        _database = database;
        _signals = signals;
        _log = log;
        _loop = new Lazy<Task>(() => Task.Run(RunAsync));
    }

    public void Send(IReadOnlyList<HubSignal> signals)
    {
        _ = _loop.Value;
        foreach (var signal in signals)
        {
            _signals.Publish(signal);
            _queue.Writer.TryWrite(signal);
        }
    }

    /// <summary>Ends when everything is sent.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            await _loop.Value;
        }
    }

    private async Task RunAsync()
    {
        HashSet<HubSignal> lot = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var signal))
            {
                lot.Add(signal);
            }

            try
            {
                await using var command = _database.Postgres!.CreateCommand("SELECT pg_notify($1, rows.c1) FROM unnest($2) AS rows(c1)");
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresSignalRelay.Channel });
                command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. lot.Select(signal => $"{_signals.Node} {signal.ToText()}")] });
                await command.ExecuteNonQueryAsync();
            }
            catch (Exception exception)
            {
                // The others look by themselves within a second; a signal that comes later would tell them nothing new.
                StorageLog.SignalsNotSent(_log, lot.Count, exception.Message);
            }

            lot.Clear();
        }
    }
}
