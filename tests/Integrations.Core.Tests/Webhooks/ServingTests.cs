using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>Several nodes on one database: each endpoint is served by one of them at a time.</summary>
public sealed class ServingTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task What_one_node_serves_no_other_takes_up_until_it_ends()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(DatabaseProvider.Postgres);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.PublishAsync(1);
        var queue = hub.Get<DeliveryQueue>();

        var first = await ClaimAsync(queue, "one", endpoint);
        var refused = await ClaimAsync(queue, "two", endpoint);
        var renewed = await ClaimAsync(queue, "one", endpoint);
        await hub.Get<ServedEndpoints>().EndAsync("two", CancellationToken.None);
        Assert.Empty((await ClaimAsync(queue, "two", endpoint)).Served);
        await hub.Get<ServedEndpoints>().EndAsync("one", CancellationToken.None);
        var taken = await ClaimAsync(queue, "two", endpoint);

        Assert.Equal((true, 1), (first.Served[endpoint].IsNew, first.Deliveries.Count));
        Assert.Empty(refused.Served);
        Assert.Empty(refused.Deliveries);
        Assert.False(renewed.Served[endpoint].IsNew);
        Assert.Equal((true, 1), (taken.Served[endpoint].IsNew, taken.Deliveries.Count));
    }

    [PostgresFact]
    public async Task What_a_dead_node_served_another_takes_over_when_its_time_is_over()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(DatabaseProvider.Postgres);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        var other = await hub.AddEndpointAsync(sandbox, "b", "*");
        var served = hub.Get<ServedEndpoints>();
        await served.ServeAsync("dead", TimeSpan.FromSeconds(3), [endpoint, other], CancellationToken.None);
        await hub.StartAsync();
        await hub.PublishAsync(1);

        Assert.Equal((0, 0), (sandbox.Receiver.Count("a"), sandbox.Receiver.Count("b")));
        Assert.Single(await sandbox.Receiver.WaitForAsync("a", 1, _patience));
        Assert.Single(await sandbox.Receiver.WaitForAsync("b", 1, _patience));
    }

    [PostgresFact]
    public async Task Two_nodes_send_everything_once_and_one_that_stops_hands_over_at_once()
    {
        const int Endpoints = 12;
        const int Each = 40;
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var one = await TestHub.CreateOnAsync(database);
        await one.AddOrganizationAsync(one.OrganizationId);
        for (var i = 0; i < Endpoints; i++)
        {
            await one.AddEndpointAsync(sandbox, $"{i}", "*");
        }

        var other = await TestHub.CreateOnAsync(database);
        await one.StartAsync();
        await other.StartAsync();
        HashSet<string> published = await PublishAsync(one, Each / 2);
        await sandbox.Receiver.WaitForAsync("0", 1, _patience);
        await other.DisposeAsync();
        published.UnionWith(await PublishAsync(one, Each / 2));

        for (var i = 0; i < Endpoints; i++)
        {
            var received = await sandbox.Receiver.WaitForAsync($"{i}", Each, _patience);
            Assert.Equal(published, received.Select(request => request.Header("webhook-id")!).ToHashSet(StringComparer.Ordinal));
            Assert.Equal(Each, received.Count);
        }
    }

    [PostgresFact]
    public async Task A_node_that_joins_is_given_its_share_of_endpoints_that_have_much_to_do()
    {
        const int Endpoints = 8;
        const int Each = 2_500;
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 2 * Each });
        await using var one = await TestHub.CreateOnAsync(database);
        await one.AddOrganizationAsync(one.OrganizationId);
        for (var i = 0; i < Endpoints; i++)
        {
            sandbox.Receiver.Behave($"{i}", "slow:100");
            await one.AddEndpointAsync(sandbox, $"{i}", "*");
        }

        HashSet<string> published = [];
        for (var lot = 0; lot < Each / 100; lot++)
        {
            published.UnionWith(await PublishAsync(one, 100));
        }

        await one.StartAsync();
        await sandbox.Receiver.WaitForAsync("0", 1, _patience);
        await using var other = await TestHub.CreateOnAsync(database);
        await other.StartAsync();

        Assert.Equal(2, await NodesAsync(one, until: 2));
        for (var i = 0; i < Endpoints; i++)
        {
            var received = await sandbox.Receiver.WaitForAsync($"{i}", Each, _patience);
            Assert.Equal(published, received.Select(request => request.Header("webhook-id")!).ToHashSet(StringComparer.Ordinal));
            Assert.Equal(Each, received.Count);
        }
    }

    // How many nodes serve endpoints, as soon as they are so many.
    private static async Task<int> NodesAsync(TestHub hub, int until)
    {
        using var changes = new SignalWaiter(hub.Get<HubSignals>(), new HubSignal(HubSignalKind.DeliveriesChanged, hub.OrganizationId));
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            await using var db = hub.Open();
            var nodes = await db.WebhookEndpoints.Where(endpoint => endpoint.ServedBy != null).Select(endpoint => endpoint.ServedBy).Distinct().CountAsync(CancellationToken.None);
            if (nodes >= until || !await changes.WaitAsync(patience.Token))
            {
                return nodes;
            }
        }
    }

    private static Task<Claim> ClaimAsync(DeliveryQueue queue, string node, Guid endpoint) =>
        queue.ClaimAsync(node, _lease, [new ClaimOrder(endpoint, 10, Serves: true)], CancellationToken.None);

    private static async Task<HashSet<string>> PublishAsync(TestHub hub, int count)
    {
        var published = await hub.Get<EventPublisher>().PublishAsync(
            hub.Actor, [.. Enumerable.Range(0, count).Select(_ => new NewEvent("custom.thing", "{}"u8.ToArray()))], CancellationToken.None);
        return published.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
    }
}
