using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>One at a time for each ordering key.</summary>
public sealed class OrderingTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Events_with_one_key_arrive_in_order_and_never_two_at_a_time(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "slow:5");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("block"));
        await hub.StartAsync();
        List<string> published = [];
        for (var i = 0; i < 60; i++)
        {
            var stored = await hub.Get<EventPublisher>().PublishAsync(hub.Actor, [New($"key-{i % 3}")], CancellationToken.None);
            published.Add(stored[0].Id);
        }

        var received = (await sandbox.Receiver.WaitForAsync("a", 60, _patience)).Select(request => request.Header("webhook-id")!).ToList();
        for (var key = 0; key < 3; key++)
        {
            var wanted = published.Where((_, index) => index % 3 == key).ToList();
            Assert.Equal(wanted, received.Where(wanted.Contains));
        }

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.Status == DeliveryStatus.Delivered));
        foreach (var key in rows.GroupBy(row => row.OrderingKey))
        {
            List<AttemptRow> attempts = [];
            foreach (var row in key)
            {
                attempts.AddRange((await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, row.Id, CancellationToken.None)).Attempts);
            }

            Assert.All(attempts.Zip(attempts.Skip(1)), pair => Assert.True(pair.First.StartedAt.AddMicroseconds(pair.First.TotalMicroseconds) <= pair.Second.StartedAt.AddMilliseconds(1)));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_that_failed_blocks_its_key_until_it_is_retried(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "sequence:500,ok");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("block"));
        await hub.StartAsync();
        await hub.PublishAsync(3, "a");
        await hub.DeliveriesAsync(endpoint, rows => rows[0].IsBlocking);
        await hub.PublishAsync(1, "b");

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows[0].Status == DeliveryStatus.Failed && rows[3].Status == DeliveryStatus.Delivered);
        Assert.True(rows[0].IsBlocking);
        Assert.All(rows[1..3], row => Assert.True(row.WaitsForKey));

        await hub.Get<DeliveryService>().RetryAsync(hub.Actor, endpoint, rows[0].Id, CancellationToken.None);

        rows = await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.Status == DeliveryStatus.Delivered));
        Assert.DoesNotContain(rows, row => row.IsBlocking);
        Assert.Equal(rows[..3].Select(row => row.EventPublicId), (await sandbox.Receiver.WaitForAsync("a", 5, _patience)).TakeLast(3).Select(request => request.Header("webhook-id")));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_blocking_delivery_that_is_skipped_lets_the_next_go(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "sequence:500,ok");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("block"));
        await hub.StartAsync();
        await hub.PublishAsync(2, "a");
        var blocked = await hub.DeliveriesAsync(endpoint, rows => rows[0].IsBlocking);

        await hub.Get<DeliveryService>().SkipAsync(hub.Actor, endpoint, blocked[0].Id, CancellationToken.None);

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows[1].Status == DeliveryStatus.Delivered);
        Assert.Equal(DeliveryStatus.Discarded, rows[0].Status);
        Assert.Contains("Skipped", rows[0].Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task With_skip_the_next_goes_after_so_many_failed_tries_while_the_first_is_still_retried(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "sequence:500,500,ok");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("skip", 2), [1, 3600]);
        await hub.StartAsync();
        await hub.PublishAsync(3, "a");

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows[2].Status == DeliveryStatus.Delivered);

        Assert.Equal((DeliveryStatus.Retrying, 2), (rows[0].Status, rows[0].AttemptCount));
        Assert.Equal(DeliveryStatus.Delivered, rows[1].Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_retry_by_hand_does_not_wait_for_one_that_is_skipped(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "sequence:500,500,500,ok");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("skip", 1), [3600]);
        await hub.StartAsync();
        await hub.PublishAsync(2, "a");
        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.Status == DeliveryStatus.Retrying));

        Assert.False(await hub.Get<DeliveryService>().RetryAsync(hub.Actor, endpoint, rows[1].Id, CancellationToken.None));
        await hub.DeliveriesAsync(endpoint, rows => rows[1].AttemptCount == 2);

        Assert.Equal(3, sandbox.Receiver.Count("a"));
    }

    [Fact]
    public async Task What_waits_for_its_key_survives_a_restart_and_goes_at_once_when_the_order_is_taken_away()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        sandbox.Receiver.Behave("a", "sequence:500,ok");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("block"));
        await hub.StartAsync();
        await hub.PublishAsync(5, "a");
        await hub.DeliveriesAsync(endpoint, rows => rows[0].IsBlocking);
        await hub.RestartAsync();
        await hub.StartAsync();

        await hub.Get<WebhookService>().UpdateAsync(hub.Actor, endpoint, new WebhookInput { Ordering = new OrderingInput("none") }, CancellationToken.None);

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows[1..].All(row => row.Status == DeliveryStatus.Delivered));
        Assert.Equal((DeliveryStatus.Failed, false), (rows[0].Status, rows[0].IsBlocking));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_waits_for_one_that_is_no_more_is_let_go(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("block"));
        await hub.PublishAsync(2, "a");
        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.Count == 2);
        await using (var db = hub.Open())
        {
            await db.WebhookDeliveries.Where(row => row.Id == rows[0].Id).ExecuteDeleteAsync();
        }

        var queue = hub.Get<Core.Webhooks.Delivery.DeliveryQueue>();
        await queue.ReleaseForgottenAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.True((await hub.DeliveriesAsync(endpoint, _ => true))[0].WaitsForKey);
        await queue.ReleaseForgottenAsync(TimeSpan.FromMinutes(-1), CancellationToken.None);

        Assert.False((await hub.DeliveriesAsync(endpoint, _ => true))[0].WaitsForKey);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_replay_that_is_cancelled_leaves_what_it_had_not_sent_as_it_was(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "sequence:ok,500,ok");
        var endpoint = await AddAsync(hub, sandbox, new OrderingInput("block"));
        await hub.StartAsync();
        await hub.PublishAsync(3, "a");
        await hub.DeliveriesAsync(endpoint, rows => rows.Count == 3 && rows[1].IsBlocking);
        await hub.RestartAsync();
        // The queue moves on and nothing is sent, because the dispatcher does not run.
        var replay = await hub.Get<ReplayService>().StartAsync(hub.Actor, endpoint, new ReplayInput(), CancellationToken.None);
        await hub.Get<Core.Webhooks.Replays.ReplayQueue>().TakeAsync("test", CancellationToken.None);
        await hub.Get<Core.Webhooks.Replays.ReplayQueue>().StepAsync("test", replay, 200, CancellationToken.None);
        Assert.All(await hub.DeliveriesAsync(endpoint, _ => true), row => Assert.Equal(DeliveryStatus.Pending, row.Status));

        await hub.Get<ReplayService>().CancelAsync(hub.Actor, replay, CancellationToken.None);

        var rows = await hub.DeliveriesAsync(endpoint, _ => true);
        Assert.Equal([DeliveryStatus.Delivered, DeliveryStatus.Failed, DeliveryStatus.Pending], rows.Select(row => row.Status));
        Assert.True(rows[1].IsBlocking);
        Assert.True(rows[2].WaitsForKey);
    }

    private static NewEvent New(string key) => new("custom.thing", "{}"u8.ToArray(), OrderingKey: key);

    private static Task<Guid> AddAsync(TestHub hub, SandboxHost sandbox, OrderingInput ordering, IReadOnlyList<int>? delays = null) =>
        hub.AddEndpointAsync(sandbox, "a", new WebhookInput { Events = ["custom.*"], Ordering = ordering, Retry = new RetryInput(Delays: delays ?? []) });
}
