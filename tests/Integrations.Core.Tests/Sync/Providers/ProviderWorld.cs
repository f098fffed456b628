using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Core.Tests.Connections;
using Integrations.Sandbox;
using Integrations.Sandbox.Providers;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>The core of a running hub, connected to one provider of the sandbox over real HTTP.</summary>
internal sealed class ProviderWorld : IAsyncDisposable
{
    private const string PublicUrl = "https://hub.example";

    private ProviderWorld(TestHub hub, SandboxHost sandbox, string key) => (Hub, Sandbox, Key, Provider) = (hub, sandbox, key, sandbox.Provider(key));

    public TestHub Hub { get; }

    public SandboxHost Sandbox { get; }

    public string Key { get; }

    /// <summary>The provider as the sandbox has it.</summary>
    public ProviderControl Provider { get; }

    public Guid Connection { get; private set; }

    public Actor Actor => Hub.Actor;

    /// <summary>Somebody connects the provider, and chooses the first of what its settings need.</summary>
    public static async Task<ProviderWorld> StartAsync(string key, DatabaseProvider database = DatabaseProvider.Sqlite)
    {
        var sandbox = await SandboxHost.StartAsync();
        Dictionary<string, string?> settings = new(sandbox.HubSettings, StringComparer.OrdinalIgnoreCase) { ["PublicUrl"] = PublicUrl };
        var world = new ProviderWorld(await TestHub.CreateAsync(database, settings: settings), sandbox, key);
        world.Provider.Dirt = false;
        await world.Hub.StartAsync();
        await world.ConnectAsync();
        return world;
    }

    public async Task ChooseAsync(string setting, string? value = null)
    {
        var service = Hub.Get<ConnectionService>();
        value ??= (await service.ListChoicesAsync(Actor, Connection, setting, CancellationToken.None))[0].Value;
        await service.UpdateAsync(Actor, Connection, new ConnectionChanges { ProviderSettings = new Dictionary<string, string> { [setting] = value } }, CancellationToken.None);
    }

    /// <summary>Runs a sync to its end.</summary>
    public async Task<SyncRunRow> SyncAsync(SyncType type, SyncDirections direction, params string[] dataTypes)
    {
        using var changes = new SignalWaiter(Hub.Get<HubSignals>(), new HubSignal(HubSignalKind.SyncsChanged, Hub.OrganizationId));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var started = await Hub.Get<SyncService>().StartAsync(Actor, Connection, new SyncInput(type, dataTypes, direction), CancellationToken.None);
        while (true)
        {
            var run = await Hub.Get<SyncQueries>().GetAsync(Actor, started.Id, CancellationToken.None);
            if (run.Run.Status >= SyncStatus.Completed)
            {
                return run;
            }

            Assert.True(await changes.WaitAsync(patience.Token), $"The sync has not ended: {Describe(run)}.");
        }
    }

    /// <summary>Runs a sync that must take everything.</summary>
    public async Task<SyncRunRow> SyncAllAsync(SyncType type, SyncDirections direction, params string[] dataTypes)
    {
        var run = await SyncAsync(type, direction, dataTypes);
        Assert.True(run.Run.Status == SyncStatus.Completed, $"{Describe(run)}; {await IssuesAsync(run)}; {string.Join("; ", Provider.Violations)}");
        Assert.Empty(Provider.Violations);
        return run;
    }

    /// <summary>The records of a type that the provider has, by its ids.</summary>
    public async Task<Dictionary<string, RecordRow>> RecordsAsync(string dataType)
    {
        var type = RecordTypes.Find(ConnectorCatalog.FromAssembly().Find(Key)!.DataTypes.Single(known => known.Name == dataType).RecordType)!;
        Dictionary<string, RecordRow> records = new(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var page = await Hub.Get<RecordQueries>().ListAsync(Actor, type, new RecordFilter(Provider: Key), new PageRequest(PageRequest.MaxLimit, cursor), CancellationToken.None);
            foreach (var row in page.Rows.Where(row => row.External.Any(external => external.DataType == dataType)))
            {
                records.Add(row.External.Single(external => external.DataType == dataType).Id, row);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return records;
    }

    /// <summary>Makes records by hand.</summary>
    public async Task<List<Guid>> AddAsync(string type, IEnumerable<JsonObject> items)
    {
        List<Guid> ids = [];
        foreach (var lot in items.Select(item => JsonSerializer.SerializeToElement(item)).Chunk(RecordService.MaxBulk))
        {
            var outcomes = await Hub.Get<RecordService>().UpsertAsync(Actor, RecordTypes.Find(type)!, lot, CancellationToken.None);
            Assert.All(outcomes, outcome => Assert.Equal(BulkStatus.Created, outcome.Status));
            ids.AddRange(outcomes.Select(outcome => outcome.Id!.Value));
        }

        return ids;
    }

    public Task ChangeAsync(string type, Guid id, JsonObject changes) =>
        Hub.Get<RecordService>().UpdateAsync(Actor, RecordTypes.Find(type)!, id, JsonSerializer.SerializeToElement(changes), CancellationToken.None);

    /// <summary>The hub's public id of a record, for what refers to it.</summary>
    public static string PublicIdOf(string type, Guid id) => RecordIds.Format(RecordTypes.Find(type)!, id);

    public static string Describe(SyncRunRow run) =>
        $"{run.Run.Status} {run.Run.Error} [{string.Join(", ", run.Parts.Select(part => $"{part.DataType} {part.Direction} {part.Status} {part.Created}+{part.Updated}={part.Processed}-{part.Deleted}!{part.Failed} {part.Error}"))}]";

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private async Task<string> IssuesAsync(SyncRunRow run) => string.Join(
        "; ", (await Hub.Get<SyncQueries>().IssuesAsync(Actor, run.Run.Id, null, new PageRequest(5), CancellationToken.None)).Rows.Select(issue => $"{issue.DataType} {issue.ExternalId} {issue.Message}"));

    private async Task ConnectAsync()
    {
        Connection = ConnectorCatalog.FromAssembly().Find(Key)!.AuthMethods.OfType<FieldsMethod>().Any()
            ? await Hub.Get<ConnectService>().ConnectAsync(Actor, new ConnectInput { Provider = Key, Credentials = Credentials() }, CancellationToken.None)
            : await ConsentAsync();
        foreach (var setting in (string[])["audienceId", "listId", "pageId"])
        {
            if (ConnectorCatalog.FromAssembly().Find(Key)!.Settings.Any(known => known.Name == setting))
            {
                await ChooseAsync(setting);
            }
        }

        Provider.ClearRecords();
    }

    private Dictionary<string, string> Credentials() => Key switch
    {
        "salesforce" => new() { ["accessToken"] = SandboxKeys.SalesforceToken, ["instanceUrl"] = BaseUrl },
        "zoho" => new() { ["accessToken"] = SandboxKeys.ZohoToken, ["apiDomain"] = BaseUrl },
        "hubspot" => new() { ["accessToken"] = SandboxKeys.HubSpotPrivateApp },
        "mailchimp" => new() { ["apiKey"] = SandboxKeys.Mailchimp },
        "sendgrid" => new() { ["apiKey"] = SandboxKeys.SendGrid },
        "slack" => new() { ["accessToken"] = SandboxKeys.SlackBot },
        "stripe" => new() { ["apiKey"] = SandboxKeys.StripeSecret },
        "facebook" => new() { ["accessToken"] = SandboxKeys.FacebookToken },
        "google-drive" => new() { ["accessToken"] = SandboxKeys.GoogleDriveToken },
        "dropbox" => new() { ["accessToken"] = SandboxKeys.DropboxToken },
        "sql-accounting" => new() { ["accessKey"] = SandboxKeys.SqlAccountingAccessKey, ["secretKey"] = SandboxKeys.SqlAccountingSecretKey },
        _ => new() { ["keyId"] = SandboxKeys.AutoCountKeyId, ["apiKey"] = SandboxKeys.AutoCountApiKey, ["accountBookId"] = SandboxKeys.AutoCountBook },
    };

    private string BaseUrl => Sandbox.HubSettings[$"Providers:{Key}:ApiBaseUrl"]!;

    private async Task<Guid> ConsentAsync()
    {
        Provider.RedirectUri = $"{PublicUrl}/api/integrations/oauth/{Key}/callback";
        var link = await Hub.Get<ConsentLinks>().CreateAsync(Actor, new ConsentInput { Provider = Key }, memberOnly: false, creates: false, CancellationToken.None);
        var page = await Hub.Get<ConsentService>().StartAsync(link.Token, ConnectionWorld.Browser, CancellationToken.None);
        var result = await Hub.Get<ConsentService>().CompleteAsync(Key, ConnectionWorld.Query(await SandboxVisitor.AllowAsync(page!)), ConnectionWorld.Browser, CancellationToken.None);
        Assert.True(result.Outcome == ConsentOutcome.Connected, $"{result}");
        return result.ConnectionId!.Value;
    }
}
