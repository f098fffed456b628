using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Hosting;

/// <summary>Plants secrets, uses them, and looks for them where they must not be.</summary>
public sealed class SecretTests
{
    private const string OwnSecret = "canary-webhook-secret-0123456789";
    private const string OwnPair = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    private const string StoredValue = "sk_live_canary-stored-0123456789";
    private const string HeaderValue = "canary-header-value-0123456789";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_secret_stands_in_the_files_or_the_log_of_a_hub_on_SQLite(bool hasMasterKey)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await HubApp.StartAsync(new HubAppOptions
        {
            Settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Trace", ["INTEGRATIONS_MASTER_KEY"] = hasMasterKey ? HubApp.MasterKey : null },
            IsMigrated = false,
        });
        var secrets = await PlantAsync(hub, sandbox);

        SecretAssert.IsClean(secrets, hub.Log.Text, "the log");
        // While the hub runs the newest rows lie in the log beside the database.
        Assert.Contains(Directory.GetFiles(hub.DataDirectory), file => file.EndsWith("-wal", StringComparison.Ordinal));
        await SecretAssert.FilesAreCleanAsync(hub.DataDirectory, secrets);
        await hub.StopAsync();
        await SecretAssert.FilesAreCleanAsync(hub.DataDirectory, secrets);
        SecretAssert.IsClean(secrets, hub.Log.Text, "the log after the stop");
    }

    [PostgresFact]
    public async Task No_secret_stands_in_the_rows_or_the_log_of_a_hub_on_PostgreSQL()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await HubApp.StartAsync(new HubAppOptions
        {
            Database = DatabaseProvider.Postgres,
            Settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Trace" },
        });
        var secrets = await PlantAsync(hub, sandbox);

        SecretAssert.IsClean([.. secrets, HubApp.MasterKey], hub.Log.Text, "the log");
        await SecretAssert.RowsAreCleanAsync(hub, secrets);
    }

    private static async Task<IReadOnlyList<string>> PlantAsync(HubApp hub, SandboxHost sandbox)
    {
        var key = await hub.Client.CallAsync(
            HttpMethod.Post, "/api/keys", new { name = "Canary", scopes = (string[])["events:write"] }, ("Idempotency-Key", "canary-key"));
        var webhook = await hub.Client.CallAsync(
            HttpMethod.Post,
            "/api/webhooks",
            new { url = sandbox.ReceiveUrl("canary"), events = (string[])["*"], secret = OwnSecret, headers = new Dictionary<string, string> { ["X-Own"] = HeaderValue } },
            ("Idempotency-Key", "canary-webhook"));
        var made = await hub.Client.PostApiAsync("/api/webhooks", new { url = sandbox.ReceiveUrl("made"), events = (string[])["*"] });
        var pair = await hub.Client.CallAsync(
            HttpMethod.Post, "/api/webhooks", new { url = sandbox.ReceiveUrl("pair"), events = (string[])["*"], secret = OwnPair }, ("Idempotency-Key", "canary-pair"));
        Assert.Equal((201, "ed25519"), (pair.Status, pair.String("webhook.signatureType")));
        Assert.DoesNotContain(OwnPair, pair.Text, StringComparison.Ordinal);
        await hub.CreateClient(key.String("key")).PostApiAsync("/api/events", new { @event = "custom.a", data = new { } });
        var received = Assert.Single(await sandbox.Receiver.WaitForAsync("canary", 1, TimeSpan.FromSeconds(60)));
        Assert.Equal(HeaderValue, received.Header("X-Own"));
        Assert.StartsWith("v1a,", Assert.Single(await sandbox.Receiver.WaitForAsync("pair", 1, TimeSpan.FromSeconds(60))).Header("webhook-signature"), StringComparison.Ordinal);
        Assert.Equal(201, webhook.Status);
        var stored = await hub.Client.CallAsync(HttpMethod.Post, "/api/integrations/api-keys", new { name = "Canary", value = StoredValue }, ("Idempotency-Key", "canary-stored"));
        Assert.True(PublicId.TryParse(PublicId.StoredKey, stored.String("apiKey.id"), out var storedId));
        Assert.Equal(StoredValue, await hub.Services.GetRequiredService<StoredKeyReader>().ReadForUseAsync(hub.Tenant.Owner, storedId, "stripe", CancellationToken.None));
        await hub.Client.PostApiAsync("/api/integrations/api-keys", new { name = "Canary", value = StoredValue });
        // A refused call may not be told with what it carried, either.
        await hub.CreateClient("sk_canary0000000000000000000000000000000000").GetApiAsync("/api/me");
        return [HubApp.OwnerKey, HubApp.OwnerPassword, key.String("key"), OwnSecret, HeaderValue, StoredValue, made.String("webhook.secret"), OwnPair, "sk_canary0000"];
    }
}
