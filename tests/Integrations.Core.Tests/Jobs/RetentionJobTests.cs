using Integrations.Core.Storage;
using Quartz;

namespace Integrations.Core.Tests.Jobs;

public sealed class RetentionJobTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Retention_is_scheduled_once_every_night_and_stays_so_after_a_restart(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        await hub.StartAsync();
        await hub.RestartAsync();
        await hub.StartAsync();

        var scheduler = await hub.Get<ISchedulerFactory>().GetScheduler();
        var trigger = await scheduler.GetTrigger(new TriggerKey("retention"));

        Assert.NotNull(trigger);
        var next = trigger.NextFireTimeUtc!.Value;
        Assert.Equal((3, 15), (next.Hour, next.Minute));
    }
}
