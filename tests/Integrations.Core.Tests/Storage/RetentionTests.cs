using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Storage;

public sealed class RetentionTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_older_than_the_settings_say_goes_and_the_rest_stays(DatabaseProvider provider)
    {
        // Ids are made of the time and never go backwards in a process, so the old rows are of now and the sweep runs in the future.
        FakeClock clock = new(TimeProvider.System.GetUtcNow());
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider, clock, new Dictionary<string, string?> { ["Retention:EventDays"] = "16", ["Retention:DeliveryDays"] = "30" });
        await hub.AddEndpointAsync(sandbox, "a", "*");
        for (var i = 0; i < 12; i++)
        {
            await hub.Get<EventPublisher>().PublishAsync(
                hub.Actor, [.. Enumerable.Range(0, 100).Select(_ => new NewEvent("invoice.paid", "{}"u8.ToArray()))], CancellationToken.None);
        }

        clock.Advance(TimeSpan.FromDays(17));
        await hub.Get<RetentionSweep>().RunAsync(CancellationToken.None);

        await using var db = hub.Open();
        Assert.Equal(0, await db.Events.CountAsync());
        Assert.Equal(1200, await db.WebhookDeliveries.CountAsync());
        Assert.Equal(1, await db.AuditEntries.CountAsync());
    }
}
