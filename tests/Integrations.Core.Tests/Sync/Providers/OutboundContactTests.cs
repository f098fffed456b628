using System.Globalization;
using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Sync;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>How contacts of the hub reach every provider that takes them: each once, with as few calls as it allows, and no call when nothing changed.</summary>
public sealed class OutboundContactTests
{
    /// <summary>Provider, its table, contacts, the calls that make them and those that change two of them, where its fields are.</summary>
    public static TheoryData<string, string, int, int, int, string> Providers { get; } = new()
    {
        { "quickbooks", "Customer", 95, 4, 1, "GivenName FamilyName PrimaryEmailAddr.Address PrimaryPhone.FreeFormNumber BillAddr.City" },
        { "xero", "Contacts", 120, 3, 1, "FirstName LastName EmailAddress Phones.0.PhoneNumber Addresses.0.City" },
        { "salesforce", "Contact", 450, 3, 1, "FirstName LastName Email Phone MailingCity" },
        { "zoho", "Contacts", 250, 3, 1, "First_Name Last_Name Email Phone Mailing_City" },
        { "mailchimp", "members", 1_100, 3, 1, "merge_fields.FNAME merge_fields.LNAME email_address merge_fields.PHONE merge_fields.ADDRESS.city" },
        { "sendgrid", "contacts", 1_100, 1, 1, "first_name last_name email phone_number city" },
        { "sql-accounting", "customer", 7, 7, 2, "companyname - sdsbranch.0.email sdsbranch.0.phone1 sdsbranch.0.city" },
        { "autocount", "debtor", 7, 7, 2, "companyName - emailAddress phone1 -" },
    };

    [Theory, MemberData(nameof(Providers))]
    public async Task Contacts_go_out_once_and_with_the_fewest_calls(string key, string table, int contacts, int creates, int updates, string fields)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        var rows = world.Provider.Rows(table);
        rows.Reset(3);
        var ids = await world.AddAsync("contacts", Enumerable.Range(0, contacts).Select(Contact));

        var made = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");

        Assert.Equal(contacts, made.Parts[0].Created);
        Assert.Equal((contacts, 0), (rows.MadeByClient, rows.ChangedByClient));
        Assert.Equal(creates, Writes(world));
        var known = await world.RecordsAsync("contacts");
        Assert.Equal(contacts, known.Count);
        Assert.All(known.Take(20), record => AssertSame(rows.Read(record.Key), fields, record.Value.Fields.Text));

        world.Provider.ClearRecords();
        foreach (var id in ids.Take(2))
        {
            await world.ChangeAsync("contacts", id, new JsonObject { ["phone"] = "+1 415 555 0100" });
        }

        var changed = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");

        Assert.Equal((0, 2), (changed.Parts[0].Created, changed.Parts[0].Updated));
        Assert.Equal((contacts, 2), (rows.MadeByClient, rows.ChangedByClient));
        Assert.Equal(updates, Writes(world));
        Assert.Equal(2, (await world.RecordsAsync("contacts")).Keys.Count(id => Text(rows.Read(id), fields.Split(' ')[3]) == "+1 415 555 0100"));

        world.Provider.ClearRecords();
        await world.SyncAllAsync(SyncType.Full, SyncDirections.Out, "contacts");

        Assert.Equal(0, Writes(world));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_went_out_comes_back_as_the_same(string key, string table, int contacts, int creates, int updates, string fields)
    {
        _ = (contacts, creates, updates, fields);
        await using var world = await ProviderWorld.StartAsync(key);
        world.Provider.Rows(table).Reset(0);
        await world.AddAsync("contacts", Enumerable.Range(0, 5).Select(Contact));
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");
        world.Provider.ClearRecords();

        var run = await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "contacts");

        Assert.Equal((0, 0, 0), (run.Parts.Sum(part => part.Created), run.Parts.Sum(part => part.Updated), run.Parts.Sum(part => part.Deleted)));
        Assert.Equal(0, Writes(world));
    }

    [Theory]
    [InlineData("quickbooks", "Customer", "PrimaryPhone.FreeFormNumber", true)]
    [InlineData("xero", "Contacts", "Phones.0.PhoneNumber", true)]
    [InlineData("salesforce", "Contact", "Phone", true)]
    [InlineData("hubspot", "contacts", "properties.phone", true)]
    [InlineData("zoho", "Contacts", "Phone", true)]
    [InlineData("mailchimp", "members", "merge_fields.PHONE", true)]
    [InlineData("sendgrid", "contacts", "phone_number", false)]
    [InlineData("sql-accounting", "customer", "sdsbranch.0.phone1", false)]
    [InlineData("autocount", "debtor", "phone1", false)]
    public async Task What_is_emptied_here_is_emptied_there_where_the_provider_can(string key, string table, string phone, bool isEmptied)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        var rows = world.Provider.Rows(table);
        rows.Reset(0);
        var ids = await world.AddAsync("contacts", Enumerable.Range(0, 2).Select(Contact));
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");
        await world.ChangeAsync("contacts", ids[0], new JsonObject { ["phone"] = null, ["lastName"] = "King" });

        var run = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts");

        Assert.Equal((1, 1), (run.Parts[0].Updated, rows.ChangedByClient));
        var known = (await world.RecordsAsync("contacts")).ToDictionary(record => record.Value.Id, record => record.Key);
        Assert.Equal(isEmptied, string.IsNullOrEmpty(Text(rows.Read(known[ids[0]]), phone)));
        Assert.Equal("+44 20 7946 0001", Text(rows.Read(known[ids[1]]), phone));
        var rest = await world.SyncAllAsync(SyncType.Full, SyncDirections.Out, "contacts");
        Assert.Equal(0, rest.Parts[0].Calls);
    }

    // What only reads by POST is no write.
    private static int Writes(ProviderWorld world) =>
        world.Provider.Calls.Count(call => call.Method is not "GET" && call.Status < 300 && !call.Path.Contains("/search", StringComparison.Ordinal) && !call.Path.Contains("listing", StringComparison.Ordinal) && !call.Path.Contains("/exports", StringComparison.Ordinal));

    private static JsonObject Contact(int index) => new()
    {
        ["contactType"] = "customer",
        ["name"] = string.Create(CultureInfo.InvariantCulture, $"Ada Lovelace {index}"),
        ["firstName"] = "Ada",
        ["lastName"] = string.Create(CultureInfo.InvariantCulture, $"Lovelace {index}"),
        ["email"] = string.Create(CultureInfo.InvariantCulture, $"ada.{index}@example.com"),
        ["phone"] = string.Create(CultureInfo.InvariantCulture, $"+44 20 7946 {index:0000}"),
        ["status"] = "subscribed",
        ["address"] = new JsonObject { ["line1"] = "12 St James's Square", ["city"] = "London", ["state"] = "England", ["postalCode"] = "SW1Y 4LB", ["country"] = "United Kingdom" },
    };

    private static void AssertSame(JsonObject? row, string fields, Func<string, string?> ours)
    {
        Assert.NotNull(row);
        var names = fields.Split(' ');
        string[] expected = names[1] == "-" ? ["name", "", "email", "phone", "address.city"] : ["firstName", "lastName", "email", "phone", "address.city"];
        foreach (var (path, field) in names.Zip(expected).Where(pair => pair.First != "-"))
        {
            Assert.Equal(ours(field), Text(row, path));
        }
    }

    private static string? Text(JsonObject? row, string path) => InboundCase.Text(row, path);
}
