using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Web.Tests.Connections;

/// <summary>A sandbox with all providers, and a hub for each database that takes them for the real ones.</summary>
public sealed class ConnectionsFixture : IAsyncLifetime
{
    private readonly Dictionary<DatabaseProvider, Lazy<Task<HubApp>>> _hubs = [];

    public SandboxHost Sandbox { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Sandbox = await SandboxHost.StartAsync();
        foreach (var database in new[] { DatabaseProvider.Sqlite, DatabaseProvider.Postgres })
        {
            _hubs[database] = new Lazy<Task<HubApp>>(() => HubApp.StartAsync(new HubAppOptions { Database = database, Settings = SettingsOf(Sandbox) }));
        }
    }

    public Task<HubApp> HubAsync(DatabaseProvider database) => _hubs[database].Value;

    /// <summary>An organization of its own on the shared hub, so that limits and the one connection for each provider are its own too.</summary>
    public async Task<(HubApp Hub, HubTenant Tenant)> StartAsync(DatabaseProvider database)
    {
        var hub = await HubAsync(database);
        return (hub, await hub.CreateOrganizationAsync());
    }

    /// <summary>Settings with which a hub works with a sandbox.</summary>
    public static Dictionary<string, string?> SettingsOf(SandboxHost sandbox) => new(sandbox.HubSettings, StringComparer.Ordinal) { ["PublicUrl"] = "http://localhost" };

    public async Task DisposeAsync()
    {
        foreach (var hub in _hubs.Values.Where(hub => hub.IsValueCreated))
        {
            await (await hub.Value).DisposeAsync();
        }

        await Sandbox.DisposeAsync();
    }
}
