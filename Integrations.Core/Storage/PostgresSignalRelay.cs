using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>Listens for the signals of the other nodes on a connection of its own. When that is lost, pages and the dispatcher still poll.</summary>
internal sealed class PostgresSignalRelay(Database database, HubSignals signals, TimeProvider time, ILogger<PostgresSignalRelay> log) : BackgroundService
{
    public const string Channel = "integrations";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { KeepAlive = 30, Pooling = false }.ToString());
                await connection.OpenAsync(stoppingToken);
                connection.Notification += (_, notification) =>
                {
                    if (FromPayload(notification.Payload) is { } signal)
                    {
                        signals.Publish(signal);
                    }
                };
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException)
            {
                StorageLog.SignalRelayLost(log, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // This node has heard its own already.
    private HubSignal? FromPayload(string payload)
    {
        var space = payload.IndexOf(' ');
        return space > 0 && !payload.AsSpan(0, space).SequenceEqual(signals.Node) ? HubSignal.Parse(payload[(space + 1)..]) : null;
    }
}
