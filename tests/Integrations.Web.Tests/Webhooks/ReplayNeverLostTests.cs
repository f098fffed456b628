using System.Diagnostics;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>A replay goes on after a kill where it was, and several nodes make one of it.</summary>
public sealed class ReplayNeverLostTests
{
    private const int Deliveries = 2_000;
    private const string Name = "a";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_delivery_is_replayed_although_the_hub_is_killed_in_the_middle(DatabaseProvider database)
    {
        using TempDirectory directory = new();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 3 * Deliveries });
        var settings = await NeverLostTests.SettingsAsync(database, directory);
        string replay;
        await using (var hub = HubProcess.Start(settings))
        {
            using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
            replay = await StartAsync(client, sandbox, rate: 500);
            await sandbox.Receiver.WaitForAsync(Name, Deliveries / 10, _patience);
            await hub.KillAsync();
        }

        Assert.InRange(sandbox.Receiver.Count(Name), Deliveries / 10, Deliveries - 1);
        await using (var hub = HubProcess.Start(settings))
        {
            using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
            var ended = await CompletedAsync(client, replay);
            Assert.Equal((Deliveries, Deliveries, Deliveries), (Number(ended, "total"), Number(ended, "queued"), Number(ended, "delivered")));
        }

        var arrived = Arrived(sandbox);
        Assert.Equal(Deliveries, arrived.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(arrived.Count - Deliveries, 0, NeverLostTests.MaxInFlight);
    }

    [Theory, OnPostgres]
    public async Task Two_nodes_replay_each_delivery_once(DatabaseProvider database)
    {
        using TempDirectory directory = new();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 3 * Deliveries });
        var settings = await NeverLostTests.SettingsAsync(database, directory);
        await using var first = HubProcess.Start(settings);
        using var client = NeverLostTests.Client(await first.WaitUntilListeningAsync());
        await using var second = HubProcess.Start(settings);
        await second.WaitUntilListeningAsync();

        var ended = await CompletedAsync(client, await StartAsync(client, sandbox, rate: null));

        Assert.Equal((Deliveries, Deliveries), (Number(ended, "queued"), Number(ended, "delivered")));
        var arrived = Arrived(sandbox);
        Assert.Equal(Deliveries, arrived.Count);
        Assert.Equal(Deliveries, arrived.Distinct(StringComparer.Ordinal).Count());
    }

    // Deliveries that were kept while the endpoint was off, and a replay of them begun.
    private static async Task<string> StartAsync(HttpClient client, SandboxHost sandbox, int? rate)
    {
        var created = await client.PostApiAsync(
            "/api/webhooks", new { url = sandbox.ReceiveUrl(Name), events = (string[])["invoice.paid"], retry = new { delays = Array.Empty<int>() }, isActive = false });
        var endpoint = created.String("webhook.id");
        for (var i = 0; i < Deliveries / 100; i++)
        {
            Assert.Equal(202, (await client.PostApiAsync("/api/events", Enumerable.Range(0, 100).Select(_ => new { @event = "invoice.paid", data = new { } }))).Status);
        }

        Assert.Equal(Deliveries, (await client.PatchApiAsync($"/api/webhooks/{endpoint}", new { isActive = true }))["webhook.health.kept"].GetInt32());
        var started = await client.PostApiAsync($"/api/webhooks/{endpoint}/replay", new { status = "discarded", ratePerSecond = rate });
        Assert.Equal(202, started.Status);
        Assert.Equal(Deliveries, Number(started, "total"));
        return started.String("replay.id");
    }

    private static Task<ApiReply> CompletedAsync(HttpClient client, string replay) =>
        UntilAsync(() => client.GetApiAsync($"/api/replays/{replay}"), reply => reply.String("replay.status") == "completed");

    // Programs outside of the hub can only ask again.
    private static async Task<ApiReply> UntilAsync(Func<Task<ApiReply>> ask, Func<ApiReply, bool> until)
    {
        var watch = Stopwatch.StartNew();
        ApiReply reply;
        do
        {
            reply = await ask();
            Assert.True(watch.Elapsed < _patience, $"Asked in vain; the last answer was {reply}.");
        }
        while (!until(reply));
        return reply;
    }

    private static int Number(ApiReply reply, string member) => reply["replay." + member].GetInt32();

    private static List<string> Arrived(SandboxHost sandbox) => [.. sandbox.Receiver.Received(Name).Select(request => request.Header("webhook-id")!)];
}
