using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>An endpoint that fails is left alone for a while, and nothing of what waits is lost.</summary>
public sealed class CircuitTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_open_circuit_stays_open_over_a_restart_and_a_retry_by_hand_closes_it(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await OpenAsync(hub, sandbox, seconds: 3600);
        var open = (await DetailAsync(hub, endpoint)).CircuitOpenUntil;
        Assert.NotNull(open);

        await hub.RestartAsync();
        sandbox.Receiver.Behave("a", "ok");
        var well = await hub.AddEndpointAsync(sandbox, "well", "custom.*");
        await hub.StartAsync();
        await hub.PublishAsync(1);
        await hub.DeliveriesAsync(well, rows => rows is [{ Status: DeliveryStatus.Delivered }]);

        // The other one has its delivery, and this one waits though it is due.
        Assert.Equal(open, (await DetailAsync(hub, endpoint)).CircuitOpenUntil);
        var rows = await hub.DeliveriesAsync(endpoint, _ => true);
        Assert.Equal((3, DeliveryStatus.Pending, open, open), (rows.Count, rows[2].Status, rows[2].NextAttemptAt, rows[2].CircuitOpenUntil));
        Assert.Equal(2, sandbox.Receiver.Count("a"));

        // What waits for the circuit can be sent at once too; and since it arrives, all that waits may go.
        await hub.Get<DeliveryService>().RetryAsync(hub.Actor, endpoint, rows[2].Id, CancellationToken.None);
        await hub.DeliveriesAsync(endpoint, rows => rows[2].Status == DeliveryStatus.Delivered);
        Assert.Null((await DetailAsync(hub, endpoint)).CircuitOpenUntil);
        await hub.PublishAsync(1);
        await hub.DeliveriesAsync(endpoint, rows => rows is [.., { Status: DeliveryStatus.Delivered }] && rows.Count == 4);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_retry_by_hand_passes_what_a_rate_holds_back(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", new WebhookInput { Events = ["custom.*"], RateLimitPerSecond = 1 });
        await hub.StartAsync();
        await hub.PublishAsync(60);
        await sandbox.Receiver.WaitForAsync("a", 1, TimeSpan.FromSeconds(30));
        var last = (await hub.DeliveriesAsync(endpoint, rows => rows.Count == 60))[^1];

        await hub.Get<DeliveryService>().RetryAsync(hub.Actor, endpoint, last.Id, CancellationToken.None);

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows[^1].Status == DeliveryStatus.Delivered);
        Assert.InRange(rows.Count(row => row.Status == DeliveryStatus.Delivered), 2, 30);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_retry_by_hand_that_fails_leaves_the_circuit_as_it_was(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await OpenAsync(hub, sandbox, seconds: 3600);
        var open = (await DetailAsync(hub, endpoint)).CircuitOpenUntil;
        var failed = (await hub.DeliveriesAsync(endpoint, _ => true))[0];

        await hub.Get<DeliveryService>().RetryAsync(hub.Actor, endpoint, failed.Id, CancellationToken.None);

        var again = (await hub.DeliveriesAsync(endpoint, rows => rows[0] is { Status: DeliveryStatus.Failed, AttemptCount: 2 }))[0];
        Assert.Equal(failed.Id, again.Id);
        Assert.Equal(open, (await DetailAsync(hub, endpoint)).CircuitOpenUntil);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task After_its_rest_what_waited_is_delivered(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await OpenAsync(hub, sandbox, seconds: WebhookLimits.MinCircuitSeconds);
        await hub.PublishAsync(5);
        sandbox.Receiver.Behave("a", "ok");

        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.Count == 7 && rows[2..].All(row => row.Status == DeliveryStatus.Delivered));

        Assert.All(rows[2..], row => Assert.Equal(1, row.AttemptCount));
        Assert.Null((await DetailAsync(hub, endpoint)).CircuitOpenUntil);
    }

    // Two failed deliveries open it.
    private static async Task<Guid> OpenAsync(TestHub hub, SandboxHost sandbox, int seconds)
    {
        sandbox.Receiver.Behave("a", "status:503");
        var endpoint = await hub.AddEndpointAsync(
            sandbox, "a", new WebhookInput { Events = ["custom.*"], Retry = new RetryInput(Delays: []), CircuitBreaker = new CircuitInput(2, seconds) });
        await hub.StartAsync();
        await hub.PublishAsync(2);
        await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.Status == DeliveryStatus.Failed));
        await hub.WaitForAsync(() => DetailAsync(hub, endpoint), detail => detail.CircuitOpenUntil is not null);
        return endpoint;
    }

    private static Task<WebhookDetail> DetailAsync(TestHub hub, Guid endpoint) => hub.Get<WebhookQueries>().GetAsync(hub.Actor, endpoint, CancellationToken.None);
}
