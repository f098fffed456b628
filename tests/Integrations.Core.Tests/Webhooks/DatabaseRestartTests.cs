using System.Globalization;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>Accepted means delivered, though the database falls down in the middle.</summary>
public sealed class DatabaseRestartTests
{
    private const int Events = 5_000;
    private const int MaxInFlight = 64;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    [PostgresFact(StopsServer = true)]
    public async Task Every_accepted_event_arrives_although_PostgreSQL_crashes_in_the_middle()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 3 * Events });
        await using var hub = await TestHub.CreateAsync(
            DatabaseProvider.Postgres,
            settings: new Dictionary<string, string?> { ["Webhooks:MaxInFlight"] = MaxInFlight.ToString(CultureInfo.InvariantCulture), ["Webhooks:LeaseSeconds"] = "40" },
            server: server);
        await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.StartAsync();

        var publishing = PublishAsync(hub);
        await sandbox.Receiver.WaitForAsync("a", Events / 10, _patience);
        await server.RestartAsync(immediately: true);
        var accepted = await publishing;
        var arrived = await WaitForAllAsync(sandbox, accepted.Count);

        Assert.Equal(accepted, arrived.ToHashSet(StringComparer.Ordinal));
        Assert.InRange(arrived.Count - accepted.Count, 0, MaxInFlight);
    }

    // A program that gets no answer sends the same ids again, and they are accepted once.
    private static async Task<HashSet<string>> PublishAsync(TestHub hub)
    {
        HashSet<string> accepted = new(StringComparer.Ordinal);
        for (var lot = 0; lot < Events / 100; lot++)
        {
            NewEvent[] events = [.. Enumerable.Range(lot * 100, 100).Select(i => new NewEvent("invoice.paid", "{}"u8.ToArray(), $"order-{i}"))];
            while (true)
            {
                try
                {
                    accepted.UnionWith((await hub.Get<EventPublisher>().PublishAsync(hub.Actor, events, CancellationToken.None)).Select(item => item.Id));
                    break;
                }
                catch (Exception exception) when (exception is not Refusal)
                {
                    await Task.Delay(50);
                }
            }
        }

        return accepted;
    }

    private static async Task<List<string>> WaitForAllAsync(SandboxHost sandbox, int distinct)
    {
        while (true)
        {
            var count = sandbox.Receiver.Count("a");
            var ids = sandbox.Receiver.Received("a").Select(request => request.Header("webhook-id")!).ToList();
            if (ids.Distinct(StringComparer.Ordinal).Count() >= distinct)
            {
                return ids;
            }

            await sandbox.Receiver.WaitForAsync("a", count + 1, _patience);
        }
    }
}
