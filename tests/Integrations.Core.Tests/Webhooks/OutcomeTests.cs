using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>What is written of a try, whoever else wrote about its delivery meanwhile.</summary>
public sealed class OutcomeTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_outcome_that_is_written_twice_counts_once(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider);
        var outcome = world.Outcome(500);

        await world.WriteAsync(outcome);
        await world.WriteAsync(outcome, again: true);

        var detail = await world.DetailAsync();
        Assert.Equal((DeliveryStatus.Retrying, 1), (detail.Row.Status, detail.Row.AttemptCount));
        Assert.Single(detail.Attempts);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Of_two_nodes_that_tried_a_delivery_the_first_outcome_counts_and_both_tries_are_kept(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider);
        var (first, second) = (world.Outcome(200), world.Outcome(500));

        await world.WriteAsync(first);
        await world.WriteAsync(second);

        var detail = await world.DetailAsync();
        Assert.Equal((DeliveryStatus.Delivered, 1, null), (detail.Row.Status, detail.Row.AttemptCount, detail.Row.NextAttemptAt));
        Assert.Equal([200, 500], detail.Attempts.Select(attempt => attempt.ResponseStatus!.Value).Order());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_last_failure_that_is_written_twice_counts_once_towards_switching_the_endpoint_off(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider, delays: []);
        var outcome = world.Outcome(500);

        await world.WriteAsync(outcome);
        await world.WriteAsync(outcome, again: true);

        Assert.Equal(DeliveryStatus.Failed, (await world.DetailAsync()).Row.Status);
        Assert.Equal(1, (await world.Hub.Get<WebhookQueries>().GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None)).Health.FailedInARow);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_somebody_skipped_while_another_node_tried_it_stays_skipped_unless_it_was_delivered(DatabaseProvider provider)
    {
        foreach (var (status, expected) in new[] { (500, DeliveryStatus.Discarded), (200, DeliveryStatus.Delivered) })
        {
            await using var world = await WorldAsync(provider);
            var outcome = world.Outcome(status);
            await world.Hub.Get<DeliveryService>().SkipAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None);

            await world.WriteAsync(outcome);

            var detail = await world.DetailAsync();
            Assert.Equal((expected, 1, null), (detail.Row.Status, detail.Row.AttemptCount, detail.Row.NextAttemptAt));
            Assert.Equal(status, detail.Row.ResponseStatus);
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_due_is_not_retried_by_hand_and_what_is_tried_now_is_not_skipped(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider);
        var service = world.Hub.Get<DeliveryService>();
        var underWay = world.Hub.Get<DeliveriesUnderWay>();

        var retry = await Assert.ThrowsAsync<Refusal>(() => service.RetryAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None));
        underWay.Begin(world.Delivery.Id);
        var shown = (await world.DetailAsync()).Row.Status;
        var listed = await world.Hub.Get<DeliveryQueries>().ListAsync(
            world.Hub.Actor, new DeliveryFilter(world.Endpoint, Status: DeliveryStatus.Delivering), new PageRequest(), CancellationToken.None);
        var skip = await Assert.ThrowsAsync<Refusal>(() => service.SkipAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None));
        await world.WriteAsync(world.Outcome(500));

        Assert.Equal((RefusalKind.Conflict, RefusalKind.Conflict), (retry.Kind, skip.Kind));
        Assert.Equal(DeliveryStatus.Delivering, shown);
        Assert.Single(listed.Rows);
        // Whoever hears of the outcome does not find the delivery still under way.
        Assert.Equal(DeliveryStatus.Retrying, (await world.DetailAsync()).Row.Status);
        await service.RetryAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None);
    }

    private static async Task<World> WorldAsync(DatabaseProvider provider, IReadOnlyList<int>? delays = null)
    {
        var sandbox = await SandboxHost.StartAsync();
        var hub = await TestHub.CreateAsync(provider);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", new WebhookInput { Retry = new RetryInput(Delays: delays ?? [60]) });
        await hub.PublishAsync(1);
        var settings = (await hub.Get<EndpointCache>().GetAsync([endpoint], CancellationToken.None))[endpoint];
        var claim = await hub.Get<DeliveryQueue>().ClaimAsync("node", TimeSpan.FromMinutes(2), [new ClaimOrder(endpoint, 10, Serves: false)], CancellationToken.None);
        return new World(hub, sandbox, settings, Assert.Single(claim.Deliveries));
    }

    private sealed record World(TestHub Hub, SandboxHost Sandbox, EndpointSettings Settings, ClaimedDelivery Delivery) : IAsyncDisposable
    {
        public Guid Endpoint => Settings.Id;

        public DeliveryOutcome Outcome(int status)
        {
            AttemptResult attempt = new()
            {
                Id = Guid.CreateVersion7(),
                StartedAt = TimeProvider.System.GetUtcNow(),
                Outcome = status == 200 ? AttemptOutcome.Delivered : AttemptOutcome.RefusedByStatus,
                RequestHeaders = "{}",
                ResponseStatus = status,
                Error = status == 200 ? null : $"The endpoint answered {status}.",
                Total = TimeSpan.FromMilliseconds(5),
            };
            return DeliveryJudge.Judge(Delivery, Settings, attempt, Hub.Get<DatabaseClock>().UtcNow);
        }

        public Task WriteAsync(DeliveryOutcome outcome, bool again = false) => Hub.Get<OutcomeStore>().WriteAsync([outcome], again, CancellationToken.None);

        public Task<DeliveryDetail> DetailAsync() => Hub.Get<DeliveryQueries>().GetAsync(Hub.Actor, Delivery.Id, CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Sandbox.DisposeAsync();
        }
    }
}
