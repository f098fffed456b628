using Integrations.Core.Events;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Tests;

/// <summary>The core of the hub on a database of its own, with one organization. Nothing runs until <see cref="StartAsync"/>.</summary>
public sealed class TestHub : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider _time;
    private readonly Action<IServiceCollection>? _configure;
    private IHost _host;

    private TestHub(string? postgres, TimeProvider? time, Dictionary<string, string?>? settings, Action<IServiceCollection>? configure, Actor? actor = null)
    {
        _time = time ?? TimeProvider.System;
        _configure = configure;
        _settings = new Dictionary<string, string?>
        {
            ["Data:Directory"] = _directory.Path,
            ["Database:Provider"] = postgres is null ? "Sqlite" : "Postgres",
            ["ConnectionStrings:Integrations"] = postgres,
            ["INTEGRATIONS_MASTER_KEY"] = HubApp.MasterKey,
            ["Security:AllowedNetworks:0"] = "127.0.0.0/8",
        };
        foreach (var (key, value) in settings ?? [])
        {
            if (value is null)
            {
                _settings.Remove(key);
            }
            else
            {
                _settings[key] = value;
            }
        }

        _host = Build();
        Actor = actor ?? Actor.System("test", Guid.CreateVersion7());
    }

    public static TheoryData<DatabaseProvider> Databases { get; } = PostgresServer.Missing is null
        ? new TheoryData<DatabaseProvider>(DatabaseProvider.Sqlite, DatabaseProvider.Postgres)
        : new TheoryData<DatabaseProvider>(DatabaseProvider.Sqlite);

    public Actor Actor { get; }

    public Guid OrganizationId => Actor.OrganizationId!.Value;

    public string DataDirectory => _directory.Path;

    /// <param name="server">For a test that stops its server; null for the one that all share.</param>
    public static async Task<TestHub> CreateAsync(
        DatabaseProvider provider = DatabaseProvider.Sqlite, TimeProvider? time = null, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null,
        PostgresServer? server = null)
    {
        // Most tests begin with a copy of what the migrations make, which takes a fraction of the time.
        var isCopy = server is null && settings?.ContainsKey("INTEGRATIONS_MASTER_KEY") != true;
        var postgres = provider == DatabaseProvider.Sqlite ? null
            : isCopy ? await HubDatabase.CreatePostgresAsync() : await (server ?? await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var hub = new TestHub(postgres, time, settings, configure);
        if (postgres is null && isCopy)
        {
            await HubDatabase.CreateSqliteAsync(hub.DataDirectory);
        }

        await hub.Get<IServiceProvider>().PrepareStorageAsync();
        await hub.AddOrganizationAsync(hub.OrganizationId);
        return hub;
    }

    /// <summary>A hub on a database of PostgreSQL that others use too.</summary>
    public static async Task<TestHub> CreateOnAsync(string postgres)
    {
        var hub = new TestHub(postgres, null, null, null);
        await hub.Get<IServiceProvider>().PrepareStorageAsync();
        return hub;
    }

    /// <summary>Another node on this hub's database of PostgreSQL, with the same organization.</summary>
    public async Task<TestHub> JoinAsync()
    {
        var settings = _settings.Where(setting => setting.Key != "Data:Directory").ToDictionary(StringComparer.Ordinal);
        var hub = new TestHub(settings["ConnectionStrings:Integrations"], _time, settings, _configure, Actor);
        await hub.Get<IServiceProvider>().PrepareStorageAsync();
        return hub;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public IntegrationsDbContext Open(Actor? actor = null) => Get<HubDbContextFactory>().Create(actor ?? Actor);

    public async Task AddOrganizationAsync(Guid id)
    {
        await using var db = Open(Actor.System("test"));
        db.Organizations.Add(new Organization { Id = id, Name = "Test", Slug = id.ToString("N"), CreatedAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync();
    }

    /// <summary>Adds an endpoint at a receiver that knows its secret.</summary>
    public Task<Guid> AddEndpointAsync(SandboxHost sandbox, string name, params string[] events) => AddEndpointAsync(sandbox, name, new WebhookInput { Events = events });

    /// <summary>Adds an endpoint with settings of its own; its URL is the receiver's.</summary>
    public async Task<Guid> AddEndpointAsync(SandboxHost sandbox, string name, WebhookInput input)
    {
        var created = await Get<WebhookService>().CreateAsync(Actor, input with { Url = sandbox.ReceiveUrl(name), Events = input.Events ?? ["*"] }, CancellationToken.None);
        sandbox.Receiver.ExpectSecret(name, created.Secret);
        return created.Id;
    }

    public Task StartAsync() => _host.StartAsync();

    /// <summary>Ends the hub and builds a new one on the same data.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        _host = Build();
        await Get<IServiceProvider>().PrepareStorageAsync();
    }

    /// <summary>Publishes events of a type that needs no definition, one after the other.</summary>
    public async Task PublishAsync(int count, string? orderingKey = null, string type = "custom.thing")
    {
        for (var i = 0; i < count; i++)
        {
            await Get<EventPublisher>().PublishAsync(Actor, [new NewEvent(type, "{}"u8.ToArray(), OrderingKey: orderingKey)], CancellationToken.None);
        }
    }

    /// <summary>An endpoint's deliveries, oldest first, as soon as they are as they should be.</summary>
    public Task<List<DeliveryRow>> DeliveriesAsync(Guid endpoint, Func<List<DeliveryRow>, bool> until) => WaitForAsync(
        async () => (await Get<DeliveryQueries>().ListAsync(Actor, new DeliveryFilter(endpoint), new PageRequest(200), CancellationToken.None)).Rows.Reverse().ToList(), until);

    /// <summary>Reads again at every change of deliveries until a condition holds.</summary>
    public async Task<T> WaitForAsync<T>(Func<Task<T>> read, Func<T, bool> until)
    {
        using var changes = new SignalWaiter(Get<HubSignals>(), new HubSignal(HubSignalKind.DeliveriesChanged, OrganizationId));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var value = await read();
            if (until(value))
            {
                return value;
            }

            Assert.True(await changes.WaitAsync(patience.Token), $"Waited in vain; the last was {value}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private async Task EndAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private IHost Build()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Services.AddSingleton(_time);
        builder.Services.AddCore(builder.Configuration, _directory.Path);
        _configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
