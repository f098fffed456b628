using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Integrations.Web.Tests.Webhooks;

namespace Integrations.Web.Tests.Sync;

/// <summary>A sync that was begun ends complete, although the hub is killed in the middle.</summary>
public sealed class SyncNeverLostTests
{
    private const int Rows = 50_000;
    private const int Made = 2_000;

    public static TheoryData<DatabaseProvider> Databases => NeverLostTests.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Inbound_sync_goes_on_where_it_was(DatabaseProvider database)
    {
        using TempDirectory directory = new();
        await using var sandbox = await SandboxHost.StartAsync();
        var stripe = sandbox.Provider("stripe");
        stripe.Dirt = false;
        stripe.Rows("customers").Reset(Rows);
        var settings = await SettingsAsync(database, directory, sandbox);
        string sync;
        await using (var hub = HubProcess.Start(settings))
        {
            using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
            sync = await StartAsync(client, "in");
            await ProcessedAsync(client, sync, Rows / 10);
            await hub.KillAsync();
        }

        var calls = stripe.CallCounts["GET /v1/customers"];
        Assert.InRange(calls, 1, (Rows / 100) - 1);
        await using (var hub = HubProcess.Start(settings))
        {
            using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
            var ended = await EndAsync(client, sync);
            Assert.Equal("completed", ended.String("sync.status"));
            Assert.Equal(Rows, ended["sync"].GetProperty("recordsProcessed").GetInt32());
            // What was stored is not asked for again: of the lots, twenty pages each, at most one was being stored, one waited, and one was being read, a page ahead.
            Assert.InRange(stripe.CallCounts["GET /v1/customers"], Rows / 100, (Rows / 100) + 61);
            Assert.Equal(Rows, await CountAsync(client));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Outbound_sync_makes_nothing_twice(DatabaseProvider database)
    {
        using TempDirectory directory = new();
        await using var sandbox = await SandboxHost.StartAsync();
        var stripe = sandbox.Provider("stripe");
        stripe.Rows("customers").Reset(0);
        var settings = await SettingsAsync(database, directory, sandbox);
        string sync;
        await using (var hub = HubProcess.Start(settings))
        {
            using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
            for (var lot = 0; lot < Made; lot += 1_000)
            {
                var first = lot;
                var made = await client.PostApiAsync("/api/contacts/bulk", new { items = Enumerable.Range(first, 1_000).Select(i => new { name = $"Contact {i}", email = $"contact{i}@example.com" }) });
                Assert.Equal(200, made.Status);
            }

            sync = await StartAsync(client, "out");
            await ProcessedAsync(client, sync, 1);
            await hub.KillAsync();
        }

        await using (var hub = HubProcess.Start(settings))
        {
            using var client = NeverLostTests.Client(await hub.WaitUntilListeningAsync());
            var ended = await EndAsync(client, sync);
            Assert.Equal("completed", ended.String("sync.status"));
            Assert.Equal(Made, stripe.Rows("customers").Count);
            // A lot at most is sent once more; the provider knows what it has by the idempotency keys.
            Assert.InRange(stripe.CallCounts["POST /v1/customers"], Made, Made + 500);
        }
    }

    private static async Task<Dictionary<string, string?>> SettingsAsync(DatabaseProvider database, TempDirectory directory, SandboxHost sandbox)
    {
        var settings = await NeverLostTests.SettingsAsync(database, directory);
        foreach (var (name, value) in sandbox.HubSettings)
        {
            settings[name] = value;
        }

        settings["Providers:stripe:RequestsPerMinute"] = "1000000";
        settings["Sync:LeaseSeconds"] = "10";
        return settings;
    }

    private static async Task<string> StartAsync(HttpClient client, string direction)
    {
        var connection = await client.PostApiAsync("/api/integrations/connect", new { provider = "stripe", apiKey = SandboxKeys.StripeSecret });
        Assert.Equal(201, connection.Status);
        var started = await client.PostApiAsync($"/api/integrations/connections/{connection.String("connectionId")}/sync", new { dataTypes = (string[])["contacts"], direction });
        Assert.Equal(202, started.Status);
        return started.String("syncId");
    }

    private static async Task ProcessedAsync(HttpClient client, string sync, int rows)
    {
        while ((await client.GetApiAsync($"/api/syncs/{sync}"))["sync"].GetProperty("recordsProcessed").GetInt32() < rows)
        {
            // Each look is a request; the run goes on meanwhile.
        }
    }

    private static async Task<ApiReply> EndAsync(HttpClient client, string sync)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));
        while (true)
        {
            var reply = await client.CallAsync(HttpMethod.Get, $"/api/syncs/{sync}", null, ("Prefer", "wait=10"));
            if (reply.String("sync.status") is not ("queued" or "running"))
            {
                return reply;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<int> CountAsync(HttpClient client)
    {
        var csv = await client.GetStringAsync("/api/contacts/export");
        return csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
    }
}
