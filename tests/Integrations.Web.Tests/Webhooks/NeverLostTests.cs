using System.Net.Http.Headers;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Data.Sqlite;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>Accepted means delivered, whatever happens to the hub meanwhile.</summary>
public sealed class NeverLostTests
{
    private const int Events = 5_000;
    internal const int MaxInFlight = 64;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    public static TheoryData<DatabaseProvider> Databases { get; } = PostgresServer.Missing is null
        ? new TheoryData<DatabaseProvider>(DatabaseProvider.Sqlite, DatabaseProvider.Postgres)
        : new TheoryData<DatabaseProvider>(DatabaseProvider.Sqlite);

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_accepted_event_arrives_although_the_hub_is_killed_in_the_middle(DatabaseProvider database)
    {
        using TempDirectory directory = new();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 3 * Events });
        var settings = await SettingsAsync(database, directory);
        HashSet<string> accepted;
        await using (var hub = HubProcess.Start(settings))
        {
            using var client = Client(await hub.WaitUntilListeningAsync());
            var endpoint = await client.PostApiAsync("/api/webhooks", new { url = sandbox.ReceiveUrl("a"), events = new[] { "*" } });
            Assert.Equal(201, endpoint.Status);
            accepted = await PublishAsync(client);
            await sandbox.Receiver.WaitForAsync("a", Events / 10, _patience);
            await hub.KillAsync();
        }

        var before = sandbox.Receiver.Count("a");
        Assert.InRange(before, Events / 10, Events - 1);
        await using (var hub = HubProcess.Start(settings))
        {
            await hub.WaitUntilListeningAsync();
            var arrived = await WaitForAllAsync(sandbox, accepted.Count);
            Assert.Superset(accepted, arrived.ToHashSet(StringComparer.Ordinal));
            Assert.InRange(arrived.Count - accepted.Count, 0, MaxInFlight);
        }

        if (database == DatabaseProvider.Sqlite)
        {
            Assert.Equal("ok", Check(directory));
        }
    }

    private static async Task<HashSet<string>> PublishAsync(HttpClient client)
    {
        HashSet<string> accepted = new(StringComparer.Ordinal);
        for (var i = 0; i < Events / 100; i++)
        {
            var reply = await client.PostApiAsync("/api/events", Enumerable.Range(0, 100).Select(_ => new { @event = "invoice.paid", data = new { invoiceId = "invoice-123" } }));
            Assert.Equal(202, reply.Status);
            accepted.UnionWith(reply["events"].EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        }

        return accepted;
    }

    private static async Task<List<string>> WaitForAllAsync(SandboxHost sandbox, int distinct)
    {
        while (true)
        {
            var count = (int)sandbox.Receiver.Count("a");
            var ids = sandbox.Receiver.Received("a").Select(request => request.Header("webhook-id")!).ToList();
            if (ids.Distinct(StringComparer.Ordinal).Count() >= distinct)
            {
                return ids;
            }

            await sandbox.Receiver.WaitForAsync("a", count + 1, _patience);
        }
    }

    internal static async Task<Dictionary<string, string?>> SettingsAsync(DatabaseProvider database, TempDirectory directory) => new(StringComparer.Ordinal)
    {
        ["Data:Directory"] = directory.Path,
        ["Database:Provider"] = database.ToString(),
        ["ConnectionStrings:Integrations"] = database == DatabaseProvider.Postgres ? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() : null,
        ["INTEGRATIONS_MASTER_KEY"] = HubApp.MasterKey,
        ["Setup:AdminEmail"] = HubApp.OwnerEmail,
        ["Setup:AdminPassword"] = HubApp.OwnerPassword,
        ["Setup:Organization"] = HubApp.OrganizationName,
        ["Setup:ApiKey"] = HubApp.OwnerKey,
        ["Security:AllowedNetworks:0"] = "127.0.0.0/8",
        ["Webhooks:MaxInFlight"] = MaxInFlight.ToString(),
        // So that the next hub on PostgreSQL need not wait long for what the killed one held.
        ["Webhooks:LeaseSeconds"] = "40",
    };

    internal static HttpClient Client(Uri address)
    {
        HttpClient client = new() { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", HubApp.OwnerKey);
        return client;
    }

    private static string? Check(TempDirectory directory)
    {
        using var connection = new SqliteConnection($"Data Source={directory.File(Database.SqliteFileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return command.ExecuteScalar()?.ToString();
    }
}
