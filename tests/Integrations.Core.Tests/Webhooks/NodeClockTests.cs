using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>The clock of a machine is set an hour on or back while all kinds of things wait: nothing is stuck, and nothing comes twice.</summary>
public sealed class NodeClockTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static TheoryData<DatabaseProvider, int> Jumps
    {
        get
        {
            TheoryData<DatabaseProvider, int> jumps = [];
            foreach (var database in TestHub.Databases)
            {
                jumps.Add(database, 1);
                jumps.Add(database, -1);
            }

            return jumps;
        }
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Retries_replays_circuits_and_what_is_under_way_go_on(DatabaseProvider provider, int hours)
    {
        SetClock clock = new();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider, time: clock);
        sandbox.Receiver.Behave("retried", "flaky:1");
        sandbox.Receiver.Behave("slow", "slow:1500");
        sandbox.Receiver.Behave("resting", "sequence:503,503,200");
        var retried = await AddAsync(hub, sandbox, "retried", new WebhookInput { Retry = new RetryInput(Delays: [2]) });
        var slow = await AddAsync(hub, sandbox, "slow", new WebhookInput());
        var resting = await AddAsync(hub, sandbox, "resting", new WebhookInput { Retry = new RetryInput(Delays: [1, 1]), CircuitBreaker = new CircuitInput(2, WebhookLimits.MinCircuitSeconds) });
        var replayed = await AddAsync(hub, sandbox, "replayed", new WebhookInput());
        await hub.StartAsync();
        await hub.PublishAsync(12, type: "custom.replayed");
        await hub.DeliveriesAsync(replayed, rows => rows.Count == 12 && rows.All(row => row.Status == DeliveryStatus.Delivered));
        foreach (var type in new[] { "custom.retried", "custom.slow", "custom.resting" })
        {
            await hub.PublishAsync(1, type: type);
        }

        await hub.DeliveriesAsync(retried, rows => rows[0].Status == DeliveryStatus.Retrying);
        await sandbox.Receiver.WaitForAsync("slow", 1, _patience);
        await hub.WaitForAsync(() => hub.Get<WebhookQueries>().GetAsync(hub.Actor, resting, CancellationToken.None), detail => detail.CircuitOpenUntil is not null);
        var replay = await hub.Get<ReplayService>().StartAsync(hub.Actor, replayed, new ReplayInput { RatePerSecond = 4 }, CancellationToken.None);
        await sandbox.Receiver.WaitForAsync("replayed", 14, _patience);

        clock.Set(TimeSpan.FromHours(hours));

        foreach (var (endpoint, name, calls) in new[] { (retried, "retried", 2), (slow, "slow", 1), (resting, "resting", 3), (replayed, "replayed", 24) })
        {
            await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.Status == DeliveryStatus.Delivered));
            Assert.Equal(calls, (await sandbox.Receiver.WaitForAsync(name, calls, _patience)).Count);
        }

        await hub.WaitForAsync(() => hub.Get<ReplayQueries>().GetAsync(hub.Actor, replay, CancellationToken.None), row => row is { Status: ReplayStatus.Completed, Delivered: 12 });
        // What is published from now on goes at once, behind all that was due; and so nothing came twice.
        foreach (var (endpoint, name, calls) in new[] { (retried, "retried", 3), (slow, "slow", 2), (resting, "resting", 4), (replayed, "replayed", 25) })
        {
            await hub.PublishAsync(1, type: $"custom.{name}");
            await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.Status == DeliveryStatus.Delivered));
            Assert.Equal(calls, sandbox.Receiver.Count(name));
        }
    }

    private static Task<Guid> AddAsync(TestHub hub, SandboxHost sandbox, string name, WebhookInput input) => hub.AddEndpointAsync(sandbox, name, input with { Events = [$"custom.{name}"] });

    /// <summary>The machine's own clock, whose wall time can be set; how long things take it measures as ever.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long _by;

        public void Set(TimeSpan by) => Volatile.Write(ref _by, by.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _by));
    }
}
