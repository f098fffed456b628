using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Webhooks;

public sealed class DeliveryQueryTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_under_way_is_found_among_as_many_as_can_be(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.PublishAsync(2);
        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.Count == 2);
        var underWay = hub.Get<DeliveriesUnderWay>();
        underWay.Begin(rows[1].Id);
        for (var i = 0; i < 10_000; i++)
        {
            underWay.Begin(Guid.CreateVersion7());
        }

        var found = await hub.Get<DeliveryQueries>().ListAsync(hub.Actor, new DeliveryFilter(endpoint, Status: DeliveryStatus.Delivering), new PageRequest(), CancellationToken.None);

        Assert.Equal((rows[1].Id, DeliveryStatus.Delivering), (Assert.Single(found.Rows).Id, found.Rows[0].Status));
    }
}
