using Integrations.Core.Events;
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
    public async Task What_is_tried_now_or_next_is_not_retried_by_hand_and_not_skipped(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider);
        var service = world.Hub.Get<DeliveryService>();
        var underWay = world.Hub.Get<DeliveriesUnderWay>();

        // It is due, but others may stand before it.
        Assert.False(await service.RetryAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None));
        var again = await Assert.ThrowsAsync<Refusal>(() => service.RetryAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None));
        underWay.Begin(world.Delivery.Id);
        var retry = await Assert.ThrowsAsync<Refusal>(() => service.RetryAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None));
        var shown = (await world.DetailAsync()).Row.Status;
        var listed = await world.Hub.Get<DeliveryQueries>().ListAsync(
            world.Hub.Actor, new DeliveryFilter(world.Endpoint, Status: DeliveryStatus.Delivering), new PageRequest(), CancellationToken.None);
        var skip = await Assert.ThrowsAsync<Refusal>(() => service.SkipAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None));
        await world.WriteAsync(world.Outcome(500));

        Assert.Equal((RefusalKind.Conflict, RefusalKind.Conflict, RefusalKind.Conflict), (again.Kind, retry.Kind, skip.Kind));
        Assert.Equal(DeliveryStatus.Delivering, shown);
        Assert.Single(listed.Rows);
        // Whoever hears of the outcome does not find the delivery still under way.
        Assert.Equal(DeliveryStatus.Retrying, (await world.DetailAsync()).Row.Status);
        await service.RetryAsync(world.Hub.Actor, world.Endpoint, world.Delivery.Id, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Five_failures_after_a_success_in_one_lot_warn(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider, delays: [], events: 7);
        await world.WriteAsync(world.Outcome(500));

        await world.Hub.Get<OutcomeStore>().WriteAsync(
            [.. world.Deliveries.Skip(1).Select((delivery, place) => world.Outcome(place == 0 ? 200 : 500, delivery))], again: false, CancellationToken.None);

        Assert.Equal(5, (await world.Hub.Get<WebhookQueries>().GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None)).Health.FailedInARow);
        var told = await world.Hub.Get<EventQueries>().ListAsync(world.Hub.Actor, new EventFilter("webhook.endpoint.*"), new PageRequest(), CancellationToken.None);
        Assert.Equal("webhook.endpoint.failing", Assert.Single(told.Rows).Type);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_try_is_shown_as_it_was_sent_though_the_endpoint_has_changed_since(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider);
        await world.WriteAsync(world.Outcome(500));
        var before = (await world.DetailAsync()).Row.EndpointUrl;

        await world.Hub.Get<WebhookService>().UpdateAsync(world.Hub.Actor, world.Endpoint, new WebhookInput { Url = before + "/new" }, CancellationToken.None);

        var detail = await world.DetailAsync();
        var attempt = Assert.Single(detail.Attempts);
        Assert.Equal((before + "/new", before), (detail.Row.EndpointUrl, attempt.Url));
        Assert.Contains("\"event\":\"name.then\"", System.Text.Encoding.UTF8.GetString(attempt.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("name.then", System.Text.Encoding.UTF8.GetString(detail.Body), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Another_URL_closes_the_circuit_that_the_old_one_opened(DatabaseProvider provider)
    {
        await using var world = await WorldAsync(provider);
        var queries = world.Hub.Get<WebhookQueries>();
        await world.Hub.Get<DeliveryQueue>().WriteCircuitAsync(world.Settings, world.Hub.Get<DatabaseClock>().UtcNow.AddHours(1), CancellationToken.None);
        var open = await queries.GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None);

        await world.Hub.Get<WebhookService>().UpdateAsync(world.Hub.Actor, world.Endpoint, new WebhookInput { Url = open.Url + "/new" }, CancellationToken.None);

        Assert.NotNull(open.CircuitOpenUntil);
        Assert.Null((await queries.GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None)).CircuitOpenUntil);
    }

    private static async Task<World> WorldAsync(DatabaseProvider provider, IReadOnlyList<int>? delays = null, int events = 1)
    {
        var sandbox = await SandboxHost.StartAsync();
        var hub = await TestHub.CreateAsync(provider);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", new WebhookInput { Retry = new RetryInput(Delays: delays ?? [60]) });
        await hub.PublishAsync(events);
        var settings = (await hub.Get<EndpointCache>().GetAsync([endpoint], CancellationToken.None))[endpoint];
        var claim = await hub.Get<DeliveryQueue>().ClaimAsync("node", TimeSpan.FromMinutes(2), [new ClaimOrder(endpoint, 10, Serves: false)], CancellationToken.None);
        Assert.Equal(events, claim.Deliveries.Count);
        return new World(hub, sandbox, settings, claim.Deliveries);
    }

    private sealed record World(TestHub Hub, SandboxHost Sandbox, EndpointSettings Settings, IReadOnlyList<ClaimedDelivery> Deliveries) : IAsyncDisposable
    {
        public Guid Endpoint => Settings.Id;

        public ClaimedDelivery Delivery => Deliveries[0];

        public DeliveryOutcome Outcome(int status, ClaimedDelivery? delivery = null)
        {
            AttemptResult attempt = new()
            {
                Id = Guid.CreateVersion7(),
                StartedAt = TimeProvider.System.GetUtcNow(),
                Outcome = status == 200 ? AttemptOutcome.Delivered : AttemptOutcome.RefusedByStatus,
                RequestHeaders = """{"X-Webhook-Event":"name.then"}""",
                ResponseStatus = status,
                Error = status == 200 ? null : $"The endpoint answered {status}.",
                Total = TimeSpan.FromMilliseconds(5),
            };
            return DeliveryJudge.Judge(delivery ?? Delivery, Settings, attempt, Hub.Get<DatabaseClock>().UtcNow);
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
