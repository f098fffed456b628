using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Sandbox.Providers;
using Integrations.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Tests.Connections;

/// <summary>The core of a hub with the sandbox for its providers, over real HTTP, both by a clock that the test moves. Nothing runs by itself.</summary>
internal sealed class ConnectionWorld : IAsyncDisposable
{
    private const string PublicUrl = "https://hub.example";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private ConnectionWorld(TestHub hub, SandboxHost sandbox, FakeClock clock, LabConnector lab)
    {
        (Hub, Sandbox, Clock, Lab) = (hub, sandbox, clock, lab);
        Provider = sandbox.Provider("quickbooks");
        Provider.RedirectUri = $"{PublicUrl}/api/integrations/oauth/{LabConnector.Key}/callback";
    }

    /// <summary>The browser in which people consent.</summary>
    public static ConsentBrowser Browser { get; } = new(new string('n', 43), null);

    public TestHub Hub { get; }

    public SandboxHost Sandbox { get; }

    public FakeClock Clock { get; }

    public LabConnector Lab { get; }

    /// <summary>Behind <see cref="Lab"/>.</summary>
    public ProviderControl Provider { get; }

    public Actor Actor => Hub.Actor;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<ConnectionWorld> StartAsync(DatabaseProvider database = DatabaseProvider.Sqlite, bool isRealTime = false, params (string Name, string Value)[] settings)
    {
        var clock = new FakeClock();
        TimeProvider time = isRealTime ? TimeProvider.System : clock;
        var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = time });
        var lab = new LabConnector();
        Dictionary<string, string?> all = new(sandbox.HubSettings, StringComparer.OrdinalIgnoreCase) { ["PublicUrl"] = PublicUrl };
        foreach (var (name, value) in sandbox.HubSettings.Where(setting => setting.Key.StartsWith("Providers:quickbooks:", StringComparison.Ordinal)))
        {
            all[name.Replace("quickbooks", LabConnector.Key, StringComparison.Ordinal)] = value;
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var hub = await TestHub.CreateAsync(database, time, all, services => services.AddSingleton(new ConnectorCatalog([lab, .. ConnectorCatalog.FromAssembly().All])));
        return new ConnectionWorld(hub, sandbox, clock, lab);
    }

    public T Get<T>()
        where T : notnull => Hub.Get<T>();

    /// <summary>Somebody consents, and the hub keeps it.</summary>
    public async Task<Guid> ConnectAsync(string provider = LabConnector.Key, Actor? actor = null)
    {
        var result = await ConsentAsync(provider, actor);
        Assert.True(result.Outcome == ConsentOutcome.Connected, $"{result}");
        return result.ConnectionId!.Value;
    }

    public async Task<ConsentResult> ConsentAsync(string provider = LabConnector.Key, Actor? actor = null)
    {
        var link = await Get<ConsentLinks>().CreateAsync(actor ?? Actor, new ConsentInput { Provider = provider }, memberOnly: false, creates: false, CancellationToken.None);
        return await FollowAsync(link, provider);
    }

    public async Task<ConsentResult> FollowAsync(ConsentLink link, string provider = LabConnector.Key)
    {
        var page = await Get<ConsentService>().StartAsync(link.Token, Browser, CancellationToken.None);
        var back = await SandboxVisitor.AllowAsync(page!);
        return await Get<ConsentService>().CompleteAsync(provider, Query(back), Browser, CancellationToken.None);
    }

    public static Dictionary<string, string> Query(Uri back) => QueryHelpers.ParseQuery(back.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Connects Stripe with a key.</summary>
    public Task<Guid> ConnectStripeAsync(Actor? actor = null, string? key = null) => Get<ConnectService>().ConnectAsync(
        actor ?? Actor, new ConnectInput { Provider = "stripe", Credentials = new Dictionary<string, string> { ["apiKey"] = key ?? SandboxKeys.StripeSecret } }, CancellationToken.None);

    /// <summary>One call of the provider's API, as a sync or an action makes it.</summary>
    public async Task CallAsync(Guid id, TestHub? hub = null)
    {
        var session = await (hub ?? Hub).Get<ProviderGateway>().OpenAsync(Actor, id, null, CancellationToken.None);
        var answer = await session.GetAsync(LabConnector.ApiPath(session), CancellationToken.None);
        Assert.True(answer.IsSuccess);
    }

    public async Task<ProviderFault> FailingCallAsync(Guid id) => await Assert.ThrowsAsync<ProviderFault>(() => CallAsync(id));

    /// <summary>The minute's upkeep.</summary>
    public Task<int> UpkeepAsync() => Get<ConnectionUpkeep>().RunAsync(CancellationToken.None);

    /// <summary>The upkeep, as soon as the connection is due.</summary>
    public async Task UpkeepWhenDueAsync(Guid id)
    {
        await AdvanceToLookAsync(id);
        Assert.Equal(1, await UpkeepAsync());
    }

    public async Task AdvanceToLookAsync(Guid id)
    {
        var wait = (await RowAsync(id)).CheckAt!.Value - Now;
        Clock.Advance(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    public async Task<Connection> RowAsync(Guid id)
    {
        await using var db = Hub.Open();
        return await db.Connections.AsNoTracking().SingleAsync(row => row.Id == id);
    }

    public async Task<ProviderCredential> CredentialAsync(Guid id) => Get<CredentialVault>().OpenCredential(await RowAsync(id));

    /// <summary>Changes a connection's row as another node would.</summary>
    public async Task ChangeAsync(Guid id, Action<Connection> change)
    {
        await using var db = Hub.Open();
        var row = await db.Connections.SingleAsync(connection => connection.Id == id);
        change(row);
        row.Version++;
        await db.SaveChangesAsync();
    }

    /// <summary>The access token has run out by the hub's own count.</summary>
    public Task ExpireAsync(Guid id) => ChangeAsync(id, row => row.ExpiresAt = Hub.Get<TimeProvider>().GetUtcNow().AddMinutes(-1));

    /// <summary>The connection's events, oldest first.</summary>
    public async Task<string[]> EventsAsync()
    {
        await using var db = Hub.Open();
        return await db.Events.Where(row => row.Source == "connections").OrderBy(row => row.Id).Select(row => row.Type).ToArrayAsync();
    }

    /// <summary>The actions of the audit log, oldest first.</summary>
    public async Task<string[]> AuditAsync()
    {
        await using var db = Hub.Open();
        return await db.AuditEntries.OrderBy(row => row.Id).Select(row => row.Action).ToArrayAsync();
    }

    /// <summary>The statuses of the provider's answers, lowest first, once there are so many. It writes them down when the caller has them already.</summary>
    public async Task<IReadOnlyList<int>> StatusesAsync(int count)
    {
        await UntilAsync(() => Provider.Calls.Count >= count);
        return [.. Provider.Calls.Select(call => call.Status).Order()];
    }

    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets a request that gets no answer run into its time-out.</summary>
    public async Task<T> TimeOutAsync<T>(Task<T> call)
    {
        await Clock.WaitForTimersAsync(1, _patience);
        Clock.Advance(ProviderHttp.Timeout);
        return await call.WaitAsync(_patience);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
