using System.Text.Json.Nodes;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Security;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>What is peculiar to one provider.</summary>
public sealed class ProviderQuirkTests
{
    [Theory]
    [InlineData("mailchimp", "audienceId", "audience")]
    [InlineData("facebook", "pageId", "page")]
    public async Task Without_a_choice_the_sync_says_what_to_choose(string key, string setting, string word)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        await world.ChooseAsync(setting, "");

        var run = await world.SyncAsync(SyncType.Full, SyncDirections.In, "contacts");

        Assert.Equal((SyncStatus.Failed, $"No {word} is chosen. Choose one in the connection's settings."), (run.Run.Status, run.Run.Error));
    }

    [Fact]
    public async Task A_member_of_Mailchimp_keeps_its_record_when_the_hub_changes_the_address()
    {
        await using var world = await ProviderWorld.StartAsync("mailchimp");
        var rows = world.Provider.Rows("members");
        rows.Reset(0);
        var id = (await world.AddAsync("contacts", [new JsonObject { ["email"] = "ada@example.com", ["firstName"] = "Ada", ["tags"] = new JsonArray("VIP", "Newsletter") }]))[0];
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out);
        Assert.Equal(["VIP", "Newsletter"], rows.Read(0)["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()));
        Assert.Equal("subscribed", rows.Read(0)["status"]!.GetValue<string>());

        await world.ChangeAsync("contacts", id, new JsonObject { ["email"] = "ada.king@example.com", ["status"] = "unsubscribed" });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.Both);

        Assert.Equal(("ada.king@example.com", "unsubscribed", 1), (rows.Read(0)["email_address"]!.GetValue<string>(), rows.Read(0)["status"]!.GetValue<string>(), rows.Count));
        var record = Assert.Single(await world.RecordsAsync("contacts"));
        Assert.Equal((rows.IdOf(0), id), (record.Key, record.Value.Id));
    }

    [Fact]
    public async Task The_status_of_a_member_of_Mailchimp_is_one_of_the_hubs()
    {
        await using var world = await ProviderWorld.StartAsync("mailchimp");
        var rows = world.Provider.Rows("members");
        rows.Reset(4);
        string[] theirs = ["subscribed", "cleaned", "pending", "transactional"];
        foreach (var (index, status) in theirs.Index())
        {
            rows.Edit(index, ("status", status));
        }

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);

        var records = await world.RecordsAsync("contacts");
        Assert.Equal(["subscribed", "unsubscribed", "pending", null], theirs.Select((_, index) => records[rows.IdOf(index)].Fields.Text("status")));
        Assert.All(records.Values, record => Assert.NotEmpty(record.Fields.Text("tags")!));
    }

    [Fact]
    public async Task Custom_fields_of_SendGrid_are_written_by_their_id()
    {
        await using var world = await ProviderWorld.StartAsync("sendgrid");
        var rows = world.Provider.Rows("contacts");
        rows.Reset(0);
        var mapping = ConnectorCatalog.FromAssembly().Find("sendgrid")!.DataTypes[0].Mapping;
        await world.Hub.Get<SyncService>().SetMappingAsync(world.Actor, world.Connection, "contacts", [.. mapping, new FieldMapping("custom_fields.job_title", "jobTitle")], CancellationToken.None);
        await world.AddAsync("contacts", [new JsonObject { ["email"] = "ada@example.com", ["jobTitle"] = "Analyst" }]);

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out);

        Assert.Equal("Analyst", InboundCase.Text(rows.Read(0), "custom_fields.e1_T"));
        Assert.NotEmpty(rows.Read(0)["list_ids"]!.AsArray());
    }

    [Fact]
    public async Task Leads_of_Facebook_are_leads_from_its_ads()
    {
        await using var world = await ProviderWorld.StartAsync("facebook");
        world.Provider.Rows("leads").Reset(1);
        world.Provider.Rows("leads", 1).Reset(0);
        world.Provider.Rows("leads", 2).Reset(0);

        var run = await world.SyncAllAsync(SyncType.Full, SyncDirections.In);

        var lead = Assert.Single(await world.RecordsAsync("contacts")).Value.Fields;
        Assert.Equal(("lead", "Facebook Ads"), (lead.Text("contactType"), lead.Text("trafficChannel")));
        var days = (await world.RecordsAsync("insights")).Values;
        Assert.Equal(90, days.Count);
        Assert.All(days, day => Assert.NotNull(day.Fields.Number("views")));
        Assert.Equal(90, run.Parts.Single(part => part.DataType == "insights").Created);
    }

    [Fact]
    public async Task A_default_does_not_take_the_place_of_what_another_provider_said()
    {
        await using var world = await ProviderWorld.StartAsync("mailchimp");
        var rows = world.Provider.Rows("members");
        rows.Reset(1);
        var id = (await world.AddAsync("contacts", [new JsonObject { ["email"] = rows.Read(0)["email_address"]!.GetValue<string>(), ["contactType"] = "customer" }]))[0];

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);
        rows.Edit(0, ("merge_fields.FNAME", "Renamed"));
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In);

        var record = Assert.Single(await world.RecordsAsync("contacts")).Value;
        Assert.Equal((id, "customer", "Renamed"), (record.Id, record.Fields.Text("contactType"), record.Fields.Text("firstName")));
    }

    /// <summary>After a kill in the middle of a write the hub looks for what it may have made.</summary>
    [Theory]
    [InlineData("salesforce", "contacts", "Contact", "Email=Email")]
    [InlineData("quickbooks", "contacts", "Customer", "DisplayName=DisplayName")]
    [InlineData("quickbooks", "invoices", "Invoice", "DocNumber=DocNumber")]
    [InlineData("quickbooks", "payments", "Payment", "TxnDate=TxnDate TotalAmt=TotalAmt CustomerRef=CustomerRef")]
    [InlineData("xero", "invoices", "Invoices", "InvoiceNumber=InvoiceNumber")]
    [InlineData("autocount", "contacts", "debtor", "emailAddress=emailAddress")]
    public async Task What_was_made_is_found_again(string key, string dataType, string table, string fields)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        foreach (var other in InboundCase.Of(key))
        {
            world.Provider.Rows(other.Table).Reset(150);
        }

        var rows = world.Provider.Rows(table);
        if (key is "salesforce" or "quickbooks" && dataType == "contacts")
        {
            // Quotes and backslashes belong to names and addresses.
            rows.Edit(120, (fields.Split('=')[0], @"o'hara\1@example.com"));
        }

        var session = await world.Hub.Get<ProviderGateway>().OpenAsync(world.Actor, world.Connection, null, CancellationToken.None);
        var content = new JsonObject(fields.Split(' ').Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], rows.Read(120)[pair[1]]?.DeepClone())));

        var found = await session.Connector.FindAsync(session, dataType, new OutgoingRow("con_1", null, content), CancellationToken.None);
        var unknown = await session.Connector.FindAsync(session, dataType, new OutgoingRow("con_1", null, Unknown(content)), CancellationToken.None);

        Assert.Equal((rows.IdOf(120), null), (found, unknown));
        Assert.Empty(world.Provider.Violations);
    }

    [Fact]
    public async Task Only_what_two_reads_did_not_find_waits_for_a_word_where_rows_may_slip_past()
    {
        await using var world = await ProviderWorld.StartAsync("sql-accounting");
        var customers = world.Provider.Rows("customer");
        customers.Reset(100);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");
        customers.Delete(40);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");
        Assert.Empty(await PendingAsync());

        customers.Delete(1);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");

        Assert.Equal([new PendingDeletes("contacts", 40)], await PendingAsync());
        Assert.Equal(40, await world.Hub.Get<SyncService>().DecideDeletesAsync(world.Actor, world.Connection, "contacts", delete: true, CancellationToken.None));
        Assert.Equal(60, (await world.RecordsAsync("contacts")).Count);

        Task<IReadOnlyList<PendingDeletes>> PendingAsync() => world.Hub.Get<SyncQueries>().PendingDeletesAsync(world.Actor, world.Connection, CancellationToken.None);
    }

    [Fact]
    public async Task Only_the_channels_that_the_app_is_in_are_read()
    {
        await using var world = await ProviderWorld.StartAsync("slack");
        foreach (var part in (int[])[0, 1, 3, 5])
        {
            world.Provider.Rows("messages", part).Reset(part == 1 ? 450 : 2);
        }

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "messages");

        var channels = (await world.RecordsAsync("messages")).Values.GroupBy(message => message.Fields.Text("channel")).ToDictionary(group => group.Key!, group => group.Count());
        var ids = world.Provider.Rows("channels");
        Assert.Equal(new Dictionary<string, int> { [ids.IdOf(0)] = 2, [ids.IdOf(1)] = 450, [ids.IdOf(5)] = 2 }, channels);
    }

    private static JsonObject Unknown(JsonObject content)
    {
        var other = (JsonObject)content.DeepClone();
        foreach (var name in content.Select(pair => pair.Key).ToList())
        {
            other[name] = content[name] switch
            {
                JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => 0.01m,
                JsonValue => "1999-01-01",
                _ => content[name]!.DeepClone(),
            };
        }

        return other;
    }
}
