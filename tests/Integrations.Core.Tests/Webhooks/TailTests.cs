using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>The live view of an endpoint.</summary>
public sealed class TailTests
{
    private const int Limit = 10;

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_slow_try_is_told_though_many_that_began_later_were_told_before(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("a", "sequence:hang,200");
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", new WebhookInput { Events = ["custom.*"], TimeoutSeconds = 2, Retry = new RetryInput(Delays: []) });
        await hub.StartAsync();
        var reader = hub.Get<DeliveryTail>().Begin(endpoint);
        await hub.PublishAsync(1);
        await sandbox.Receiver.WaitForAsync("a", 1, TimeSpan.FromSeconds(30));
        List<TailRow> told = [];
        for (var i = 0; i < 4; i++)
        {
            await hub.PublishAsync(Limit);
            await hub.DeliveriesAsync(endpoint, rows => rows[1..].All(row => row.Status == DeliveryStatus.Delivered));
            told.AddRange(await reader.NextAsync(hub.Actor, Limit, CancellationToken.None));
        }

        await hub.DeliveriesAsync(endpoint, rows => rows[0].Status == DeliveryStatus.Failed);
        told.AddRange(await reader.NextAsync(hub.Actor, Limit, CancellationToken.None));

        Assert.Equal((4 * Limit) + 1, told.Select(row => row.AttemptId).Distinct().Count());
        Assert.Equal((4 * Limit) + 1, told.Count);
        Assert.Equal(AttemptOutcome.TimedOut, Assert.Single(told, row => row.Outcome != AttemptOutcome.Delivered).Outcome);
        Assert.Empty(await reader.NextAsync(hub.Actor, Limit, CancellationToken.None));
    }
}
