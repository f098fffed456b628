using Integrations.Core.ApiKeys;
using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Core.Webhooks;
using Integrations.Web.Layout;

namespace Integrations.Web.Tests.Layout;

public sealed class IdResolverTests : HubTest
{
    private IdResolver Resolver => new(
        Hub.Get<WebhookQueries>(), Hub.Get<Core.Events.EventQueries>(), Hub.Get<DeliveryQueries>(), Hub.Get<ReplayQueries>(), Hub.Get<ApiKeyQueries>(), Hub.Get<StoredKeyQueries>(),
        Hub.Get<AuditQueries>(), Hub.Get<ConnectionQueries>(), Hub.Get<Core.Sync.SyncQueries>(), Hub.Get<RecordQueries>());

    [Fact]
    public async Task An_id_leads_to_the_page_of_its_thing()
    {
        var made = await Hub.Get<WebhookService>().CreateAsync(Hub.Owner, new WebhookInput { Url = "http://127.0.0.1:9/", Events = ["custom.*"] }, CancellationToken.None);
        var endpoint = PublicId.Format(PublicId.WebhookEndpoint, made.Id);
        var key = (await Hub.Get<ApiKeyQueries>().ListAsync(Hub.Owner, new(), CancellationToken.None)).Rows[0];
        var entry = PublicId.Format(PublicId.AuditEntry, (await Hub.Get<AuditQueries>().ListAsync(Hub.Owner, new(), new(), CancellationToken.None)).Rows[0].Id);

        var stored = await Hub.Get<StoredKeyService>().CreateAsync(Hub.Owner, new StoredKeyInput { Name = "Shop", Value = "sk_test_1" }, CancellationToken.None);
        var replay = PublicId.Format(PublicId.Replay, await Hub.Get<ReplayService>().StartAsync(Hub.Owner, made.Id, new ReplayInput(), CancellationToken.None));

        var connection = await Hub.Get<ConnectService>().ConnectAsync(Hub.Owner, new ConnectInput { Provider = "custom", WebhookUrl = "http://127.0.0.1:9/" }, CancellationToken.None);

        Assert.Equal("/integrations/custom", await FindAsync(PublicId.Format(PublicId.Connection, connection)));
        Assert.Equal($"/webhooks/{endpoint}", await FindAsync(endpoint));
        Assert.Equal($"/webhooks/{endpoint}?tab=replays", await FindAsync(replay));
        Assert.Equal("/api-keys", await FindAsync(PublicId.Format(PublicId.ApiKey, key.Id)));
        Assert.Equal("/stored-keys", await FindAsync(PublicId.Format(PublicId.StoredKey, stored)));
        Assert.Equal($"/audit?entry={entry}", await FindAsync(entry));
    }

    [Fact]
    public async Task A_record_leads_to_the_list_of_its_type()
    {
        var insights = RecordTypes.Find("insights")!;
        var id = RecordIds.Format(insights, await Hub.Get<RecordService>().CreateAsync(
            Hub.Owner, insights, System.Text.Json.JsonSerializer.SerializeToElement(new { name = "Spring" }), CancellationToken.None));

        Assert.Equal($"/records/insights?record={id}", await FindAsync(id));
    }

    [Fact]
    public async Task What_belongs_to_another_organization_leads_nowhere()
    {
        var stranger = await Hub.AddOrganizationAsync("Globex", "eve@example.com");
        var key = (await Hub.Get<ApiKeyQueries>().ListAsync(Hub.Owner, new(), CancellationToken.None)).Rows[0];

        Assert.Null(await Resolver.FindAsync(stranger, PublicId.Format(PublicId.ApiKey, key.Id), CancellationToken.None));
    }

    [Theory]
    [InlineData("we_1")]
    [InlineData("dlv_01m7wn0672e0084gbwagxdane3")]
    [InlineData("evt_01m7wn0672e0084gbwagxdane3")]
    [InlineData("conn_1")]
    [InlineData("sync_01m7wn0672e0084gbwagxdane3")]
    [InlineData("con_01m7wn0672e0084gbwagxdane3")]
    public async Task An_unknown_id_leads_nowhere(string id) => Assert.Null(await FindAsync(id));

    private Task<string?> FindAsync(string id) => Resolver.FindAsync(Hub.Owner, id, CancellationToken.None);
}
