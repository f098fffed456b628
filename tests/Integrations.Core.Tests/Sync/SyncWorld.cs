using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Sandbox;
using Integrations.Sandbox.Providers.Data;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Record = Integrations.Core.Records.Record;

namespace Integrations.Core.Tests.Sync;

/// <summary>A hub that syncs with the sandbox's Stripe, over real HTTP, with few and clean rows.</summary>
internal sealed class SyncWorld : IAsyncDisposable
{
    public const int Rows = 230;

    private SyncWorld(TestHub hub, SandboxHost sandbox, FakeClock clock) => (Hub, Sandbox, Clock) = (hub, sandbox, clock);

    public TestHub Hub { get; }

    public SandboxHost Sandbox { get; }

    /// <summary>The hub's and the provider's; it stands still unless a test moves it.</summary>
    public FakeClock Clock { get; }

    public Guid Connection { get; private set; }

    public Actor Actor => Hub.Actor;

    /// <summary>Stripe's customers in the sandbox.</summary>
    public DataTable Customers => Sandbox.Provider("stripe").Rows("customers");

    public SyncService Syncs => Hub.Get<SyncService>();

    public static async Task<SyncWorld> StartAsync(DatabaseProvider database = DatabaseProvider.Sqlite, bool starts = true, FakeClock? clock = null)
    {
        clock ??= new FakeClock();
        var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = clock });
        Dictionary<string, string?> settings = new(sandbox.HubSettings, StringComparer.OrdinalIgnoreCase) { ["PublicUrl"] = "https://hub.example", ["Providers:stripe:RequestsPerMinute"] = "100000" };
        var hub = await TestHub.CreateAsync(database, clock, settings);
        SyncWorld world = new(hub, sandbox, clock);
        sandbox.Provider("stripe").Dirt = false;
        world.Customers.Reset(Rows);
        world.Connection = await hub.Get<ConnectService>().ConnectAsync(
            world.Actor, new ConnectInput { Provider = "stripe", Credentials = new Dictionary<string, string> { ["apiKey"] = SandboxKeys.StripeSecret } }, CancellationToken.None);
        if (starts)
        {
            await hub.StartAsync();
        }

        return world;
    }

    public Task<SyncRunRow> InAsync(SyncType type = SyncType.Incremental) => RunAsync(new SyncInput(type, ["contacts"], SyncDirections.In));

    public Task<SyncRunRow> OutAsync() => RunAsync(new SyncInput(SyncType.Incremental, ["contacts"], SyncDirections.Out));

    public Task<SyncRunRow> BothAsync() => RunAsync(new SyncInput(SyncType.Incremental, ["contacts"], SyncDirections.Both));

    public async Task<SyncRunRow> RunAsync(SyncInput input) => await EndAsync((await Syncs.StartAsync(Actor, Connection, input, CancellationToken.None)).Id);

    public Task<SyncRunRow> EndAsync(Guid run) => WaitAsync(run, row => row.Run.Status >= SyncStatus.Completed);

    /// <summary>A run, as soon as it is as it should be.</summary>
    public async Task<SyncRunRow> WaitAsync(Guid run, Func<SyncRunRow, bool> until)
    {
        using SignalWaiter changes = new(Hub.Get<HubSignals>(), new HubSignal(HubSignalKind.SyncsChanged, Hub.OrganizationId));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            var row = await Hub.Get<SyncQueries>().GetAsync(Actor, run, CancellationToken.None);
            if (until(row))
            {
                return row;
            }

            Assert.True(await changes.WaitAsync(patience.Token), $"The run stands at {row.Run.Status}: {row.Processed} rows, {row.Run.Error}");
        }
    }

    public static void AssertDone(SyncRunRow row) => Assert.True(row.Run.Status == SyncStatus.Completed, $"{row.Run.Status}: {row.Run.Error} {string.Join("; ", row.Parts.Select(part => part.Error))}");

    /// <summary>All contacts that are not deleted, oldest first.</summary>
    public async Task<List<Record>> ContactsAsync()
    {
        await using var db = Hub.Open();
        return await db.Records.AsNoTracking().Where(record => record.Type == "contacts" && record.DeletedAt == null).OrderBy(record => record.Id).ToListAsync();
    }

    /// <summary>The contact of a customer, or null.</summary>
    public async Task<RecordRow?> ContactOfAsync(string customer)
    {
        await using var db = Hub.Open();
        var link = await db.RecordLinks.AsNoTracking().FirstOrDefaultAsync(row => row.ExternalId == customer && row.DataType == "contacts");
        return link is null ? null : await Hub.Get<RecordQueries>().GetAsync(Actor, RecordTypes.Contacts, link.RecordId, CancellationToken.None);
    }

    public async Task SetAsync(Guid record, object body) => await Hub.Get<RecordService>().UpdateAsync(
        Actor, RecordTypes.Contacts, record, System.Text.Json.JsonSerializer.SerializeToElement(body), CancellationToken.None);

    public Task<Guid> MakeAsync(object body) => Hub.Get<RecordService>().CreateAsync(
        Actor, RecordTypes.Contacts, System.Text.Json.JsonSerializer.SerializeToElement(body), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
