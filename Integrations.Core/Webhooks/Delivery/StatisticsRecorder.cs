using System.Collections.Concurrent;
using Integrations.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Counts tries for the charts and writes the counts every few seconds, because a row for each lot would cost more than it tells. A killed hub loses the last
/// seconds of a chart; the attempts themselves are on disk.
/// </summary>
internal sealed class StatisticsRecorder(IGroupWriter writer, TimeProvider time, ILogger<StatisticsRecorder> log) : BackgroundService
{
    private const string AddSql =
        """
        INSERT INTO "WebhookStatistics" ("OrganizationId", "EndpointId", "Since", "IsSuccess", "LatencyStep", "Count") VALUES ($1, $2, $3, $4 = 1, $5, $6)
        ON CONFLICT ("EndpointId", "Since", "IsSuccess", "LatencyStep") DO UPDATE SET "Count" = "WebhookStatistics"."Count" + excluded."Count"
        """;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Dictionary<Key, long> _counts = [];

    public void Add(IEnumerable<DeliveryOutcome> outcomes)
    {
        lock (_lock)
        {
            foreach (var outcome in outcomes)
            {
                // Tests say nothing about how the endpoint fares with events.
                if (outcome.Attempt is { } attempt && outcome.Delivery.Trigger != DeliveryTrigger.Test)
                {
                    var key = new Key(
                        outcome.Delivery.OrganizationId, outcome.Delivery.EndpointId, WebhookStatistic.SinceOf(attempt.StartedAt), attempt.Outcome == AttemptOutcome.Delivered,
                        LatencyScale.StepOf(attempt.Total));
                    _counts[key] = _counts.GetValueOrDefault(key) + 1;
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
            // What was counted until now is written by StopAsync, once the dispatcher has ended.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync();
    }

    private async Task FlushAsync()
    {
        Dictionary<Key, long> counts;
        lock (_lock)
        {
            counts = _counts;
            _counts = [];
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
                        .Add(row.Key.OrganizationId).Add(row.Key.EndpointId).Add(row.Key.Since).Add(row.Key.IsSuccess ? 1L : 0L).Add((long)row.Key.LatencyStep).Add(row.Value));
                    foreach (var organization in counts.Keys.Select(key => key.OrganizationId).Distinct())
                    {
                        session.SignalAfterCommit(new HubSignal(HubSignalKind.StatisticsChanged, organization));
                    }

                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            WebhookLog.StatisticsNotWritten(log, exception);
            lock (_lock)
            {
                foreach (var (key, count) in counts)
                {
                    _counts[key] = _counts.GetValueOrDefault(key) + count;
                }
            }
        }
    }

    private readonly record struct Key(Guid OrganizationId, Guid EndpointId, DateTimeOffset Since, bool IsSuccess, int LatencyStep);
}
