using System.Diagnostics;
using Integrations.Core;
using Integrations.Core.Events;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Integrations.Benchmarks.Webhooks;

/// <summary>The core of the hub on a database of its own, with one organization and its endpoints, the dispatcher not yet running.</summary>
internal sealed class HubUnderTest : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly IHost _host;

    private HubUnderTest(string? postgres, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Directory"] = _directory.Path,
            ["Database:Provider"] = postgres is null ? "Sqlite" : "Postgres",
            ["ConnectionStrings:Integrations"] = postgres,
            ["INTEGRATIONS_MASTER_KEY"] = new string('0', 64),
            ["Security:AllowedNetworks:0"] = "127.0.0.0/8",
            ["Webhooks:MaxEndpoints"] = "1000",
            ["Webhooks:MaxCreationsPerMinute"] = "1000",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddCore(builder.Configuration, _directory.Path);
        _host = builder.Build();
        Actor = Actor.System("benchmark", Guid.CreateVersion7());
    }

    public Actor Actor { get; }

    public IServiceProvider Services => _host.Services;

    /// <param name="postgres">The connection string of an empty database; null for SQLite.</param>
    public static async Task<HubUnderTest> StartAsync(string? postgres, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var hub = new HubUnderTest(postgres, settings);
        await hub.Services.PrepareStorageAsync();
        await using var db = hub.Services.GetRequiredService<HubDbContextFactory>().Create(hub.Actor);
        db.Organizations.Add(new Organization { Id = hub.Actor.OrganizationId!.Value, Name = "Benchmark", Slug = "benchmark", CreatedAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync();
        return hub;
    }

    /// <summary>Adds endpoints at a sink, each of which wants the events of its number.</summary>
    public async Task<IReadOnlyList<Guid>> AddEndpointsAsync(string sink, int count)
    {
        List<Guid> ids = [];
        for (var i = 0; i < count; i++)
        {
            ids.Add(await AddEndpointAsync($"{sink}/receive/{i}", EventType(i)));
        }

        return ids;
    }

    public async Task<Guid> AddEndpointAsync(string url, string eventType) =>
        (await Services.GetRequiredService<WebhookService>().CreateAsync(Actor, new WebhookInput { Url = url, Events = [eventType] }, CancellationToken.None)).Id;

    /// <summary>What the endpoint with this number wants.</summary>
    public static string EventType(int endpoint) => $"custom.benchmark_{endpoint}";

    /// <returns>Events accepted a second, in requests of a hundred.</returns>
    public async Task<double> PublishAsync(byte[] data, int count, int endpoints = DeliveryBenchmark.Endpoints)
    {
        var publisher = Services.GetRequiredService<EventPublisher>();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, count / 100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellationToken) =>
            await publisher.PublishAsync(
                Actor, [.. Enumerable.Range(0, 100).Select(i => new NewEvent(EventType(i % endpoints), data))], cancellationToken));
        return count / watch.Elapsed.TotalSeconds;
    }

    public Task StartDeliveringAsync() => _host.StartAsync();

    /// <summary>Ends when every delivery is recorded as delivered.</summary>
    public async Task WaitUntilDeliveredAsync(int count)
    {
        using var changes = new SignalWaiter(Services.GetRequiredService<HubSignals>(), new HubSignal(HubSignalKind.DeliveriesChanged, Actor.OrganizationId!.Value));
        while (await WaitingAsync() > 0)
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await changes.WaitAsync(timeout.Token);
            await Task.Delay(50);
        }

        await using var db = Services.GetRequiredService<HubDbContextFactory>().Create(Actor);
        var delivered = await db.WebhookDeliveries.CountAsync(delivery => delivery.Status == DeliveryStatus.Delivered);
        if (delivered != count)
        {
            throw new InvalidOperationException($"{delivered} of {count} were delivered.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private async Task<int> WaitingAsync()
    {
        await using var db = Services.GetRequiredService<HubDbContextFactory>().Create(Actor);
        return await db.WebhookDeliveries.Where(delivery => delivery.NextAttemptAt != null).Take(1).CountAsync();
    }
}
