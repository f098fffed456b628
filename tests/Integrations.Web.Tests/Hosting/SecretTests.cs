using System.Text;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Hosting;

/// <summary>Plants secrets, uses them, and looks for them where they must not be.</summary>
public sealed class SecretTests
{
    private const string OwnSecret = "canary-webhook-secret-0123456789";
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

        AssertClean(secrets, hub.Log.Text, "the log");
        // While the hub runs the newest rows lie in the log beside the database.
        Assert.Contains(Directory.GetFiles(hub.DataDirectory), file => file.EndsWith("-wal", StringComparison.Ordinal));
        await AssertFilesAreCleanAsync(hub.DataDirectory, secrets);
        await hub.StopAsync();
        await AssertFilesAreCleanAsync(hub.DataDirectory, secrets);
        AssertClean(secrets, hub.Log.Text, "the log after the stop");
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

        AssertClean([.. secrets, HubApp.MasterKey], hub.Log.Text, "the log");
        await using var db = hub.OpenDatabase();
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct(StringComparer.Ordinal))
        {
            // Bytes as hex, so both writings are looked for.
            await using var command = hub.Services.GetRequiredService<Database>().Postgres!.CreateCommand($"""SELECT string_agg(CAST(t AS text), ' ') FROM "{table}" t""");
            AssertClean([.. secrets, .. secrets.Select(secret => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)))], $"{await command.ExecuteScalarAsync()}", table);
        }
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
        await hub.CreateClient(key.String("key")).PostApiAsync("/api/events", new { @event = "custom.a", data = new { } });
        var received = Assert.Single(await sandbox.Receiver.WaitForAsync("canary", 1, TimeSpan.FromSeconds(60)));
        Assert.Equal(HeaderValue, received.Header("X-Own"));
        Assert.Equal(201, webhook.Status);
        var stored = await hub.Client.CallAsync(HttpMethod.Post, "/api/integrations/api-keys", new { name = "Canary", value = StoredValue }, ("Idempotency-Key", "canary-stored"));
        Assert.True(PublicId.TryParse(PublicId.StoredKey, stored.String("apiKey.id"), out var storedId));
        Assert.Equal(StoredValue, await hub.Services.GetRequiredService<StoredKeyReader>().ReadForUseAsync(hub.Tenant.Owner, storedId, "stripe", CancellationToken.None));
        await hub.Client.PostApiAsync("/api/integrations/api-keys", new { name = "Canary", value = StoredValue });
        // A refused call may not be told with what it carried, either.
        await hub.CreateClient("sk_canary0000000000000000000000000000000000").GetApiAsync("/api/me");
        return [HubApp.OwnerKey, HubApp.OwnerPassword, key.String("key"), OwnSecret, HeaderValue, StoredValue, made.String("webhook.secret"), "sk_canary0000"];
    }

    private static async Task AssertFilesAreCleanAsync(string directory, IReadOnlyList<string> secrets)
    {
        foreach (var path in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes);
            AssertClean(secrets, Encoding.Latin1.GetString(bytes.ToArray()), Path.GetFileName(path));
        }
    }

    private static void AssertClean(IReadOnlyList<string> secrets, string text, string where) =>
        Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{secret} stands in {where}: {Around(text, secret)}"));

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : string.Concat(text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)].Select(character => char.IsControl(character) ? '.' : character));
    }
}
