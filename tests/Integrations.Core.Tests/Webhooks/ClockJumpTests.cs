using Integrations.Core.Events;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>Somebody sets the machine's clock: what waits comes neither earlier nor later, and nothing comes twice.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_retry_comes_after_its_own_wait_once(int hours)
    {
        FakeClock clock = new();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(time: clock);
        sandbox.Receiver.Behave("a", "flaky:1");
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.StartAsync();
        await PublishAsync(hub);
        await DeliveryAsync(hub, endpoint, row => row.Status == DeliveryStatus.Retrying);

        clock.SetWall(TimeSpan.FromHours(hours));
        clock.Advance(TimeSpan.FromSeconds(1.9));
        var early = sandbox.Receiver.Count("a");
        var waited = TimeSpan.FromSeconds(1.9);
        while ((await RowAsync(hub, endpoint)).Status != DeliveryStatus.Delivered)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            waited += TimeSpan.FromMilliseconds(100);
            await Task.Delay(1);
        }

        Assert.Equal(1, early);
        // The plan says two seconds; the clock here runs on while the hub is at work.
        Assert.InRange(waited.TotalSeconds, 2, 12);
        await AssertNothingComesTwiceAsync(hub, clock, sandbox, endpoint, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task What_is_under_way_ends_once(int hours)
    {
        FakeClock clock = new();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(time: clock);
        sandbox.Receiver.Behave("a", "slow:300");
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.StartAsync();
        await PublishAsync(hub);
        await sandbox.Receiver.WaitForAsync("a", 1, _patience);

        clock.SetWall(TimeSpan.FromHours(hours));

        await DeliveryAsync(hub, endpoint, row => row.Status == DeliveryStatus.Delivered);
        await AssertNothingComesTwiceAsync(hub, clock, sandbox, endpoint, 1);
    }

    // Leases last two minutes: what was forgotten in one would come again after it. An event from after the jump passes behind all that was due.
    private static async Task AssertNothingComesTwiceAsync(TestHub hub, FakeClock clock, SandboxHost sandbox, Guid endpoint, int before)
    {
        clock.Advance(TimeSpan.FromMinutes(5));
        await PublishAsync(hub);
        var requests = await sandbox.Receiver.WaitForAsync("a", before + 1, _patience);
        await DeliveryAsync(hub, endpoint, row => row.Status == DeliveryStatus.Delivered);

        Assert.Equal(before + 1, sandbox.Receiver.Count("a"));
        Assert.Equal(2, requests.Select(request => request.Header("webhook-id")).Distinct().Count());
    }

    private static Task PublishAsync(TestHub hub) =>
        hub.Get<EventPublisher>().PublishAsync(hub.Actor, [new NewEvent("invoice.paid", "{}"u8.ToArray())], CancellationToken.None);

    private static Task<DeliveryRow> DeliveryAsync(TestHub hub, Guid endpoint, Func<DeliveryRow, bool> until) => hub.WaitForAsync(() => RowAsync(hub, endpoint), until);

    private static async Task<DeliveryRow> RowAsync(TestHub hub, Guid endpoint) =>
        (await hub.Get<DeliveryQueries>().ListAsync(hub.Actor, new DeliveryFilter(endpoint), new(), CancellationToken.None)).Rows[0];
}
