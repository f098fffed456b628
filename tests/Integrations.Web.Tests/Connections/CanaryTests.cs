using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Integrations.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

/// <summary>All twenty providers connected in every way that they have, used, renewed and refused; and no secret of theirs anywhere that is not encrypted.</summary>
public sealed class CanaryTests
{
    private const string OwnClientSecret = "sandbox-dropbox-secret";

    [Fact]
    public async Task No_secret_of_any_provider_stands_in_the_files_the_log_or_an_answer_of_a_hub_on_SQLite()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await StartAsync(sandbox, DatabaseProvider.Sqlite);
        var harvest = await HarvestAsync(hub, sandbox);

        Assert.Contains(Directory.GetFiles(hub.DataDirectory), file => file.EndsWith("-wal", StringComparison.Ordinal));
        await SecretAssert.FilesAreCleanAsync(hub.DataDirectory, harvest.Secrets);
        await hub.StopAsync();
        await SecretAssert.FilesAreCleanAsync(hub.DataDirectory, harvest.Secrets);
        SecretAssert.IsClean(harvest.Secrets, hub.Log.Text, "the log");
    }

    [PostgresFact]
    public async Task No_secret_of_any_provider_stands_in_the_rows_the_log_or_an_answer_of_a_hub_on_PostgreSQL()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await StartAsync(sandbox, DatabaseProvider.Postgres);
        var harvest = await HarvestAsync(hub, sandbox);

        await SecretAssert.RowsAreCleanAsync(hub, harvest.Secrets);
        SecretAssert.IsClean(harvest.Secrets, hub.Log.Text, "the log");
    }

    private static Task<HubApp> StartAsync(SandboxHost sandbox, DatabaseProvider database)
    {
        var settings = ConnectionsFixture.SettingsOf(sandbox);
        // Entered in the Settings, below.
        settings["Providers:dropbox:ClientId"] = settings["Providers:dropbox:ClientSecret"] = null;
        settings["Connections:MaxCreationsPerMinute"] = settings["Connections:MaxConsentsPerMinute"] = "1000";
        settings["Logging:LogLevel:Default"] = "Trace";
        return HubApp.StartAsync(new HubAppOptions { Database = database, Settings = settings, IsMigrated = database == DatabaseProvider.Postgres });
    }

    private static async Task<CanaryHarvest> HarvestAsync(HubApp hub, SandboxHost sandbox)
    {
        CanaryHarvest harvest = new(hub, sandbox);
        harvest.Add(sandbox.HubSettings.Where(setting => setting.Key.EndsWith(":ClientSecret", StringComparison.Ordinal)).Select(setting => setting.Value));
        harvest.Add(OwnClientSecret);
        await hub.Services.GetRequiredService<OAuthClients>().SetAsync(hub.Tenant.Owner, "dropbox", "sandbox-dropbox-client", OwnClientSecret, CancellationToken.None);
        var catalog = ConnectorCatalog.FromAssembly();
        foreach (var connector in catalog.All.Where(connector => connector.OAuth is not null))
        {
            await harvest.UseAsync(hub.Tenant, await harvest.ConsentAsync(hub.Tenant, connector.Info.Key), connector);
        }

        foreach (var connector in catalog.All.Where(connector => connector.WebhookUrl is not null))
        {
            var prefix = sandbox.HubSettings.TryGetValue($"Providers:{connector.Info.Key}:Urls:hooks", out var hooks) ? hooks : new Uri(sandbox.Address, "/receive").AbsoluteUri;
            var body = new { webhookUrl = $"{prefix}/canary", headers = new Dictionary<string, string> { ["X-Secret"] = CanaryHarvest.HeaderValue } };
            await harvest.UseAsync(hub.Tenant, await harvest.ConnectAsync(hub.Tenant, connector.Info.Key, body, CanaryHarvest.HeaderValue), connector);
        }

        foreach (var key in sandbox.Providers)
        {
            // Using a connection let what was granted expire, and the keys of its provider with it.
            sandbox.Provider(key).Reset();
        }

        // Those with a key or a token in an organization of their own, since many can be connected by consent too.
        var other = await hub.CreateOrganizationAsync();
        foreach (var (provider, given) in KeyJourneyTests.Credentials.Select(row => ((string)row[0], (Dictionary<string, string>)row[1])).DistinctBy(row => row.Item1))
        {
            var credentials = given.ToDictionary(pair => pair.Key, pair => pair.Value.Length > 0 ? pair.Value : sandbox.HubSettings[$"Providers:{provider}:ApiBaseUrl"]!, StringComparer.Ordinal);
            var connector = catalog.Find(provider)!;
            var secrets = connector.AuthMethods.OfType<FieldsMethod>().SelectMany(method => method.Fields).Where(field => field.IsSecret).Select(field => credentials.GetValueOrDefault(field.Name)).OfType<string>();
            await harvest.UseAsync(other, await harvest.ConnectAsync(other, provider, new { credentials }, secrets), connector);
        }

        Assert.Equal(20, (await hub.Client.GetApiAsync("/api/integrations/connections"))["connections"].EnumerateArray()
            .Concat((await other.Client.GetApiAsync("/api/integrations/connections"))["connections"].EnumerateArray()).Select(row => row.GetProperty("provider").GetString()).Distinct(StringComparer.Ordinal).Count());
        await FailAsync(hub, sandbox, other, harvest);
        await harvest.ReadAllAsync(hub.Tenant);
        await harvest.ReadAllAsync(other);
        SecretAssert.IsClean(harvest.Secrets, string.Join('\n', harvest.Answers), "an answer");
        return harvest;
    }

    // Refused keys and grants, and wrong ones: their words reach the status, the audit log and events.
    private static async Task FailAsync(HubApp hub, SandboxHost sandbox, HubTenant other, CanaryHarvest harvest)
    {
        foreach (var key in sandbox.Providers)
        {
            sandbox.Provider(key).RevokeGrants();
        }

        foreach (var tenant in new[] { hub.Tenant, other })
        {
            foreach (var row in (await tenant.Client.GetApiAsync("/api/integrations/connections"))["connections"].EnumerateArray())
            {
                harvest.Keep(await tenant.Client.PostApiAsync($"/api/integrations/connections/{row.GetProperty("id").GetString()}/test"));
                harvest.Keep(await tenant.Client.PostApiAsync($"/api/integrations/oauth/{row.GetProperty("provider").GetString()}/refresh"));
            }
        }

        var wrong = "sk_test_canary" + new string('w', 30);
        harvest.Add(wrong);
        var refused = harvest.Keep(await other.Client.PostApiAsync("/api/integrations/stripe/connect", new { apiKey = wrong }));
        Assert.Equal(422, refused.Status);
    }
}
