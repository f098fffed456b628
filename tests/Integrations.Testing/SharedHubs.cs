using Integrations.Core.Storage;

namespace Integrations.Testing;

/// <summary>
/// Hubs that many tests share, one for each database: each test works in an organization of its own, which is cheaper than a hub of its own. A class takes part
/// as <c>IClassFixture&lt;SharedHubs&gt;</c>; the hubs start at the first use.
/// </summary>
public sealed class SharedHubs : IAsyncDisposable, Xunit.IAsyncLifetime
{
    private readonly Dictionary<DatabaseProvider, Lazy<Task<HubApp>>> _hubs = new()
    {
        [DatabaseProvider.Sqlite] = new(() => HubApp.StartAsync(DatabaseProvider.Sqlite)),
        [DatabaseProvider.Postgres] = new(() => HubApp.StartAsync(DatabaseProvider.Postgres)),
    };

    public Task<HubApp> GetAsync(DatabaseProvider database) => _hubs[database].Value;

    /// <summary>A new organization on the shared hub.</summary>
    public async Task<HubTenant> CreateOrganizationAsync(DatabaseProvider database) => await (await GetAsync(database)).CreateOrganizationAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    async Task Xunit.IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _hubs.Values.Where(hub => hub.IsValueCreated))
        {
            await (await hub.Value).DisposeAsync();
        }
    }
}
