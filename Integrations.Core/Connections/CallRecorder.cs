using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Connections;

/// <summary>Counts provider calls by connection and hour, and writes the counts every few seconds. A killed hub loses the last of them.</summary>
public sealed class CallRecorder(IGroupWriter writer, TimeProvider time, ILogger<CallRecorder> log) : BackgroundService
{
    private const string AddSql =
        """
        INSERT INTO "ProviderCallHours" ("OrganizationId", "ConnectionId", "Since", "Calls", "Errors", "Throttled", "Milliseconds", "Quotas") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT ("ConnectionId", "Since") DO UPDATE SET "Calls" = "ProviderCallHours"."Calls" + excluded."Calls", "Errors" = "ProviderCallHours"."Errors" + excluded."Errors",
          "Throttled" = "ProviderCallHours"."Throttled" + excluded."Throttled", "Milliseconds" = "ProviderCallHours"."Milliseconds" + excluded."Milliseconds",
          "Quotas" = COALESCE(excluded."Quotas", "ProviderCallHours"."Quotas")
        """;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Dictionary<(Guid Organization, Guid Connection, DateTimeOffset Since), Counts> _counts = [];

    internal void Add(Guid organization, Guid connection, ProviderCall call)
    {
        var now = time.GetUtcNow();
        var key = (organization, connection, new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero));
        Counts one = new(1, call.IsError ? 1 : 0, call.IsThrottled ? 1 : 0, (long)call.Duration.TotalMilliseconds, call.Quotas.Count > 0 ? JsonSerializer.Serialize(call.Quotas) : null);
        lock (_lock)
        {
            _counts[key] = _counts.TryGetValue(key, out var before) ? before.Plus(one) : one;
        }
    }

    /// <summary>Writes what was counted.</summary>
    internal async Task FlushAsync()
    {
        Dictionary<(Guid Organization, Guid Connection, DateTimeOffset Since), Counts> counts;
        lock (_lock)
        {
            (counts, _counts) = (_counts, []);
        }

        if (counts.Count == 0)
        {
            return;
        }

        try
        {
            await writer.WriteAsync(
                async session =>
                {
                    await session.ExecuteManyAsync(AddSql, [.. counts], static (bind, row) => bind
                        .Add(row.Key.Organization).Add(row.Key.Connection).Add(row.Key.Since).Add(row.Value.Calls).Add(row.Value.Errors).Add(row.Value.Throttled).Add(row.Value.Milliseconds)
                        .Add(row.Value.Quotas));
                    foreach (var organization in counts.Keys.Select(key => key.Organization).Distinct())
                    {
                        session.SignalAfterCommit(new HubSignal(HubSignalKind.ProviderCallsChanged, organization));
                    }

                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            ConnectionLog.CallsNotWritten(log, exception);
            lock (_lock)
            {
                foreach (var (key, count) in counts)
                {
                    _counts[key] = _counts.TryGetValue(key, out var newer) ? count.Plus(newer) : count;
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // What was counted until now is written by StopAsync.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync();
    }

    private readonly record struct Counts(long Calls, long Errors, long Throttled, long Milliseconds, string? Quotas)
    {
        public Counts Plus(Counts newer) => new(Calls + newer.Calls, Errors + newer.Errors, Throttled + newer.Throttled, Milliseconds + newer.Milliseconds, newer.Quotas ?? Quotas);
    }
}
