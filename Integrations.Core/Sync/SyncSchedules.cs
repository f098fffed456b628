using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Integrations.Core.Sync;

/// <summary>Keeps Quartz's triggers as the connections' settings say. What a hub that was off missed runs once when it is back.</summary>
internal sealed class SyncSchedules(HubDbContextFactory contexts, ISchedulerFactory schedulers, HubSignals signals, TimeProvider time, ILogger<SyncSchedules> log) : BackgroundService
{
    public const string Group = "sync";
    public const string ConnectionKey = "connectionId";
    public const string OrganizationKey = "organizationId";

    private static readonly TimeSpan _poll = TimeSpan.FromMinutes(5);
    private static readonly JobKey _job = new("sync-schedule", Group);

    private readonly SemaphoreSlim _gate = new(1, 1);

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using SignalWaiter wake = new(signals, signal => signal.Kind == HubSignalKind.ConnectionsChanged);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SetAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                SyncLog.SchedulesFailed(log, exception);
            }

            await wake.WaitAsync(_poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Brings the triggers in step with the settings.</summary>
    internal async Task SetAsync(CancellationToken cancellationToken)
    {
        // One pass at a time, or an older one could undo what a newer one read.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await SetAllAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task SetAllAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (await scheduler.GetJobDetail(_job, cancellationToken) is null)
        {
            await scheduler.AddJob(JobBuilder.Create<SyncScheduleJob>().WithIdentity(_job).StoreDurably().Build(), new AddJobOptions { Replace = true }, cancellationToken);
        }

        await using var db = contexts.Create(Actor.System("sync schedules"));
        var connections = await db.Connections.AsNoTracking().Select(row => new { row.Id, row.OrganizationId, row.Settings, row.Status }).ToListAsync(cancellationToken);
        var present = (await scheduler.GetTriggers([.. connections.Select(row => KeyOf(row.Id))], cancellationToken)).ToDictionary(trigger => trigger.Key);
        foreach (var row in connections)
        {
            var cron = row.Status is ConnectionStatus.Pending or ConnectionStatus.Disconnected
                ? null
                : SyncFrequency.ToCron(row.Settings.GetValueOrDefault(ConnectionSettings.SyncFrequency), row.Id);
            var zone = ScheduleZone.Of(row.Settings.GetValueOrDefault(ConnectionSettings.TimeZone));
            var trigger = present.GetValueOrDefault(KeyOf(row.Id));
            if (cron is null || !CronExpression.TryParse(cron, out _))
            {
                if (trigger is not null)
                {
                    await scheduler.UnscheduleJob(trigger.Key, cancellationToken);
                }
            }
            else if (trigger is not ICronTrigger { CronExpressionString: { } set } known || set != cron || known.TimeZone.Id != zone.Id)
            {
                await scheduler.ScheduleTrigger(TriggerOf(row.Id, row.OrganizationId, cron, zone), TriggerConflict.Replace, cancellationToken);
            }
        }
    }

    private static TriggerKey KeyOf(Guid connection) => new(connection.ToString("N"), Group);

    private static ITrigger TriggerOf(Guid connection, Guid organization, string cron, TimeZoneInfo zone) => TriggerBuilder.Create().WithIdentity(KeyOf(connection)).ForJob(_job)
        .UsingJobData(ConnectionKey, connection.ToString()).UsingJobData(OrganizationKey, organization.ToString())
        .WithCronSchedule(cron, schedule => schedule.InTimeZone(zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)).Build();
}

/// <summary>Starts a sync when a connection's schedule says so.</summary>
internal sealed class SyncScheduleJob(SyncService syncs, ILogger<SyncScheduleJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var data = context.MergedJobDataMap;
        var (connection, organization) = (Guid.Parse(data.GetString(SyncSchedules.ConnectionKey)!), Guid.Parse(data.GetString(SyncSchedules.OrganizationKey)!));
        try
        {
            await syncs.StartAsync(Actor.System("schedule", organization), connection, new SyncInput(), cancellationToken);
        }
        catch (Refusal refusal)
        {
            // One that has not ended, a connection that is no more: the next time tells.
            SyncLog.ScheduleSkipped(log, connection, refusal.Message);
        }
    }
}
