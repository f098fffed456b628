using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Web.Tests.Hosting;

public sealed class RestartTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_accepted_is_there_after_a_restart_and_secrets_still_open(DatabaseProvider database)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await HubApp.StartAsync(database);
        var webhook = await hub.Client.PostApiAsync("/api/webhooks", new { url = sandbox.ReceiveUrl("partner"), events = (string[])["*"] });
        sandbox.Receiver.ExpectSecret("partner", webhook.String("webhook.secret"));

        await hub.RestartAsync();
        await hub.Client.PostApiAsync("/api/events", new { @event = "custom.a", data = new { } });

        Assert.True(Assert.Single(await sandbox.Receiver.WaitForAsync("partner", 1, TimeSpan.FromSeconds(60))).HexValid);
    }

    [Fact]
    public async Task A_master_key_that_is_set_later_moves_the_key_ring_into_the_database_and_secrets_still_open()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await HubApp.StartAsync();
        var webhook = await hub.Client.PostApiAsync("/api/webhooks", new { url = sandbox.ReceiveUrl("partner"), events = (string[])["*"] });
        sandbox.Receiver.ExpectSecret("partner", webhook.String("webhook.secret"));
        Assert.True(Directory.Exists(Path.Combine(hub.DataDirectory, "keys")));

        await hub.RestartAsync(new Dictionary<string, string?> { ["INTEGRATIONS_MASTER_KEY"] = HubApp.MasterKey });
        Assert.False(Directory.Exists(Path.Combine(hub.DataDirectory, "keys")));
        await hub.Client.PostApiAsync("/api/events", new { @event = "custom.a", data = new { } });
        Assert.True(Assert.Single(await sandbox.Receiver.WaitForAsync("partner", 1, TimeSpan.FromSeconds(60))).StandardValid);

        await hub.RestartAsync();
        await hub.Client.PostApiAsync("/api/events", new { @event = "custom.a", data = new { } });
        Assert.True((await sandbox.Receiver.WaitForAsync("partner", 2, TimeSpan.FromSeconds(60)))[1].HexValid);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_hub_migrates_an_empty_database_by_itself(DatabaseProvider database)
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Database = database, IsMigrated = false });

        Assert.Equal(200, (await hub.Client.GetApiAsync("/api/me")).Status);
    }

    [Fact]
    public async Task A_hub_without_setup_writes_its_setup_token_to_the_log_and_takes_no_key()
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { IsSetUp = false });
        using var client = hub.CreateClient(HubApp.OwnerKey);

        Assert.Contains(hub.Log.Lines, line => line.Contains("setup token", StringComparison.Ordinal));
        Assert.Equal(401, (await client.GetApiAsync("/api/me")).Status);
        Assert.Equal(200, (await client.GetApiAsync("/health/ready")).Status);
    }
}
