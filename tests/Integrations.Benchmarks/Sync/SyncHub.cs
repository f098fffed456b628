using System.Diagnostics;
using Integrations.Benchmarks.Webhooks;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Benchmarks.Sync;

/// <summary>A hub on a new database that is connected with one provider of the sandbox.</summary>
internal sealed class SyncHub : IAsyncDisposable
{
    private readonly HubUnderTest _hub;
    private readonly Guid _connection;

    private SyncHub(HubUnderTest hub, Guid connection) => (_hub, _connection) = (hub, connection);

    public static async Task<SyncHub> StartAsync(BenchmarkOptions options, SandboxProcess sandbox, SyncSource source)
    {
        var hub = await HubUnderTest.StartAsync(await options.CreateDatabaseAsync(), new Dictionary<string, string?>
        {
            [$"Providers:{source.Provider}:ApiBaseUrl"] = sandbox.BaseOf(source.Provider),
            // What the provider allows is not what is measured.
            [$"Providers:{source.Provider}:RequestsPerMinute"] = "10000000",
        });
        var connection = await hub.Services.GetRequiredService<ConnectService>().ConnectAsync(
            hub.Actor, new ConnectInput { Provider = source.Provider, Credentials = new Dictionary<string, string> { [source.Credential] = source.Key } }, CancellationToken.None);
        await hub.StartDeliveringAsync();
        return new SyncHub(hub, connection);
    }

    /// <summary>Syncs the contacts in.</summary>
    /// <returns>The run, and how long it took.</returns>
    public async Task<(SyncRunRow Run, TimeSpan Took)> SyncAsync(SyncType type)
    {
        using SignalWaiter changes = new(_hub.Services.GetRequiredService<HubSignals>(), new HubSignal(HubSignalKind.SyncsChanged, _hub.Actor.OrganizationId!.Value));
        var watch = Stopwatch.StartNew();
        var started = await _hub.Services.GetRequiredService<SyncService>().StartAsync(_hub.Actor, _connection, new SyncInput(type, ["contacts"], SyncDirections.In), CancellationToken.None);
        while (true)
        {
            var row = await _hub.Services.GetRequiredService<SyncQueries>().GetAsync(_hub.Actor, started.Id, CancellationToken.None);
            if (row.Run.Status >= SyncStatus.Completed)
            {
                return row.Run.Status == SyncStatus.Completed ? (row, watch.Elapsed) : throw new InvalidOperationException($"The sync ended as {row.Run.Status}: {row.Run.Error}");
            }

            await changes.WaitAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();
}
