using System.Diagnostics;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Integrations.Core.Tests.Connections;

/// <summary>The catalogue and the connections take as many queries for everything as for nothing. What they cost is measured by the benchmark "catalogue".</summary>
public sealed class CatalogueQueryTests : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    // Other tests make queries at the same time.
    private static readonly AsyncLocal<List<string>?> _queries = new();
    private readonly List<IDisposable> _subscriptions = [];

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task As_many_queries_for_everything_as_for_nothing(DatabaseProvider database)
    {
        await using var hub = await TestHub.CreateAsync(database);
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        var queries = hub.Get<ConnectionQueries>();
        var nothing = await CountAsync(() => queries.CatalogueAsync(hub.Actor, new CatalogueFilter(), CancellationToken.None));
        var emptyList = await CountAsync(() => queries.ListAsync(hub.Actor, null, null, CancellationToken.None));
        var first = await FillAsync(hub, hub.OrganizationId, ["stripe"]);
        var one = await CountAsync(() => queries.GetAsync(hub.Actor, first, CancellationToken.None));
        for (var number = 0; number < 100; number++)
        {
            var organization = TimeOrderedId.New(DateTimeOffset.UnixEpoch);
            await hub.AddOrganizationAsync(organization);
            await FillAsync(hub, organization, ["stripe", "xero"]);
        }

        await FillAsync(hub, hub.OrganizationId, hub.Get<ConnectorCatalog>().All.Select(connector => connector.Info.Key).Where(key => key != "stripe"));

        Assert.Equal((3, 2, 2), (nothing, emptyList, one));
        Assert.Equal(nothing, await CountAsync(async () => Assert.Equal(20, (await queries.CatalogueAsync(hub.Actor, new CatalogueFilter(Connected: true), CancellationToken.None)).Count)));
        Assert.Equal(emptyList, await CountAsync(async () => Assert.Equal(20, (await queries.ListAsync(hub.Actor, null, null, CancellationToken.None)).Count)));
        Assert.Equal(one, await CountAsync(() => queries.GetAsync(hub.Actor, first, CancellationToken.None)));
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData data)
        {
            _queries.Value?.Add(data.Command.CommandText);
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private static async Task<int> CountAsync(Func<Task> read)
    {
        List<string> queries = [];
        _queries.Value = queries;
        await read();
        _queries.Value = null;
        return queries.Count;
    }

    private static async Task<Guid> FillAsync(TestHub hub, Guid organization, IEnumerable<string> providers)
    {
        var now = DateTimeOffset.UnixEpoch;
        await using var db = hub.Open(Actor.System("test"));
        List<Connection> rows = [.. providers.Select(provider => new Connection
        {
            Id = TimeOrderedId.New(now), OrganizationId = organization, Provider = provider, Name = provider, Status = ConnectionStatus.Connected, StatusSince = now, AuthMode = AuthMode.ApiKey,
            CreatedAt = now, UpdatedAt = now,
        })];
        db.Connections.AddRange(rows);
        await db.SaveChangesAsync();
        return rows[0].Id;
    }
}
