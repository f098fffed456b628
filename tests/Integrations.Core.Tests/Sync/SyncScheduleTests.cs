using System.Globalization;
using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;

namespace Integrations.Core.Tests.Sync;

public sealed class SyncScheduleTests
{
    private const string Kuala = "Asia/Kuala_Lumpur";

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [InlineData("off", null)]
    [InlineData("15min", "0 0/15 * * * ?")]
    [InlineData("hourly", "0 0 * * * ?")]
    [InlineData("daily", "0 0 2 * * ?")]
    [InlineData("weekly", "0 0 2 ? * SUN")]
    [InlineData("0 30 6 ? * MON-FRI", "0 30 6 ? * MON-FRI")]
    public void Words_and_expressions_become_triggers(string setting, string? cron)
    {
        Assert.True(SyncFrequency.IsValid(setting));
        Assert.Equal(cron, SyncFrequency.ToCron(setting, Guid.Empty));
    }

    [Theory]
    [InlineData("UTC", "2026-03-27T02:00:00Z", "2026-03-31T02:00:00Z")]
    [InlineData(Kuala, "2026-03-27T18:00:00Z", "2026-03-31T18:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-27T01:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData("America/New_York", "2026-03-27T06:00:00Z", "2026-03-31T06:00:00Z")]
    public void A_day_runs_once_by_the_zones_clock_also_when_that_changes(string zone, string first, string fifth)
    {
        var times = SyncFrequency.Next("daily", zone, Guid.Empty, new DateTimeOffset(2026, 3, 27, 0, 30, 0, TimeSpan.Zero), 5);

        Assert.Equal((DateTimeOffset.Parse(first, CultureInfo.InvariantCulture), DateTimeOffset.Parse(fifth, CultureInfo.InvariantCulture)), (times[0], times[4]));
        Assert.Equal(5, times.Select(time => TimeZoneInfo.ConvertTime(time, ScheduleZone.Of(zone)).Date).Distinct().Count());
    }

    [Fact]
    public void Only_names_of_zones_are_zones()
    {
        Assert.All((string[])[Kuala, "UTC", "Europe/Berlin", "Asia/Calcutta"], zone => Assert.True(ScheduleZone.IsKnown(zone), zone));
        Assert.All((string[])["", "Mars/Olympus", "asia/kuala_lumpur", "../../etc/passwd", "+08:00", new string('a', 5_000)], zone => Assert.False(ScheduleZone.IsKnown(zone), zone));
        Assert.Contains(Kuala, ScheduleZone.Names);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_connections_trigger_follows_its_settings(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database);
        Assert.Null(await TriggerAsync(world));

        await SetAsync(world, ("syncFrequency", "daily"), ("timeZone", Kuala));
        var daily = await TriggerAsync(world);
        Assert.Equal((SyncFrequency.ToCron("daily", world.Connection), Kuala), (daily!.CronExpressionString, daily.TimeZone.Id));

        await SetAsync(world, ("timeZone", "UTC"));
        Assert.Equal("UTC", (await TriggerAsync(world))!.TimeZone.Id);
        await SetAsync(world, ("syncFrequency", "0 30 6 ? * MON-FRI"));
        Assert.Equal("0 30 6 ? * MON-FRI", (await TriggerAsync(world))!.CronExpressionString);

        await world.Hub.RestartAsync();
        await world.Hub.StartAsync();
        Assert.Equal("0 30 6 ? * MON-FRI", (await TriggerAsync(world))!.CronExpressionString);

        await SetAsync(world, ("syncFrequency", "off"));
        Assert.Null(await TriggerAsync(world));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_a_hub_that_was_off_missed_runs_once(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database);
        await SetAsync(world, ("syncFrequency", "hourly"));
        var scheduler = await SchedulerAsync(world);
        await scheduler.Standby();
        // As if it had been off for the last five times.
        Assert.Equal(1, await ExecuteAsync(world, $"UPDATE qrtz_triggers SET next_fire_time = {world.Clock.GetUtcNow().AddHours(-5).UtcTicks} WHERE trigger_group = '{SyncSchedules.Group}'"));

        await world.Hub.RestartAsync();
        await world.Hub.StartAsync();

        var run = await FirstRunAsync(world);
        SyncWorld.AssertDone(await world.EndAsync(run));
        Assert.True((await TriggerAsync(world))!.NextFireTimeUtc > world.Clock.GetUtcNow());
        await using var db = world.Hub.Open();
        var all = await db.SyncRuns.AsNoTracking().ToListAsync();
        Assert.Equal((SyncType.Incremental, "schedule"), (Assert.Single(all).Type, all[0].StartedBy));
    }

    private static async Task<Guid> FirstRunAsync(SyncWorld world)
    {
        using SignalWaiter changes = new(world.Hub.Get<HubSignals>(), new HubSignal(HubSignalKind.SyncsChanged, world.Hub.OrganizationId));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            await using (var db = world.Hub.Open())
            {
                if (await db.SyncRuns.AsNoTracking().FirstOrDefaultAsync() is { } run)
                {
                    return run.Id;
                }
            }

            Assert.True(await changes.WaitAsync(patience.Token), "The schedule started no run.");
        }
    }

    private static async Task SetAsync(SyncWorld world, params (string Name, string Value)[] settings)
    {
        await world.Hub.Get<ConnectionService>().UpdateAsync(
            world.Actor, world.Connection, new ConnectionChanges { Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value) }, CancellationToken.None);
        await world.Hub.Get<IEnumerable<IHostedService>>().OfType<SyncSchedules>().Single().SetAsync(CancellationToken.None);
    }

    private static async Task<ICronTrigger?> TriggerAsync(SyncWorld world) =>
        (ICronTrigger?)await (await SchedulerAsync(world)).GetTrigger(new TriggerKey(world.Connection.ToString("N"), SyncSchedules.Group));

    private static async Task<IScheduler> SchedulerAsync(SyncWorld world) => await world.Hub.Get<ISchedulerFactory>().GetScheduler();

    private static async Task<int> ExecuteAsync(SyncWorld world, string sql)
    {
        var database = world.Hub.Get<Database>();
        await using System.Data.Common.DbConnection connection = database.Provider == DatabaseProvider.Postgres
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection($"Data Source={Path.Combine(world.Hub.DataDirectory, "jobs.db")}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }
}
