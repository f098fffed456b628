using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>How invoices, products and payments of the hub reach the accounting programs.</summary>
public sealed class OutboundDocumentTests
{
    /// <summary>Provider, its tables of contacts and invoices, and where number, contact, description, quantity, price and total are.</summary>
    public static TheoryData<string, string, string, string> Invoices { get; } = new()
    {
        { "quickbooks", "Customer", "Invoice", "DocNumber CustomerRef.value Line.0.Description Line.0.SalesItemLineDetail.Qty Line.1.SalesItemLineDetail.UnitPrice TotalAmt" },
        { "xero", "Contacts", "Invoices", "InvoiceNumber Contact.ContactID LineItems.0.Description LineItems.0.Quantity LineItems.1.UnitAmount Total" },
        { "sql-accounting", "customer", "salesinvoice", "docno code sdsdocdetail.0.description sdsdocdetail.0.qty sdsdocdetail.1.unitprice docamt" },
        { "autocount", "debtor", "invoice", "master.docNo master.debtorCode details.0.description details.0.qty details.1.unitPrice master.netTotal" },
    };

    [Theory, MemberData(nameof(Invoices))]
    public async Task An_invoice_goes_out_with_its_contact_and_its_lines(string key, string contacts, string invoices, string fields)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        var (people, rows) = (world.Provider.Rows(contacts), world.Provider.Rows(invoices));
        people.Reset(0);
        rows.Reset(0);
        var contact = (await world.AddAsync("contacts", [new JsonObject { ["name"] = "Ada Lovelace", ["email"] = "ada@example.com", ["contactType"] = "customer" }]))[0];
        var invoice = (await world.AddAsync("invoices", [Invoice(ProviderWorld.PublicIdOf("contacts", contact))]))[0];

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts", "invoices");

        var (person, document) = ((await world.RecordsAsync("contacts")).Single().Key, (await world.RecordsAsync("invoices")).Single().Key);
        string[] expected = ["2026-001", person, "Consulting", "2", "19.5", "119.5"];
        Assert.Equal(expected, fields.Split(' ').Select(path => Plain(InboundCase.Text(rows.Read(document), path))));

        await world.ChangeAsync("invoices", invoice, new JsonObject { ["lines"] = Lines("Advice") });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts", "invoices");

        expected[2] = "Advice";
        Assert.Equal(expected, fields.Split(' ').Select(path => Plain(InboundCase.Text(rows.Read(document), path))));
        Assert.Equal((1, 1), (rows.MadeByClient, rows.ChangedByClient));

        var back = await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "contacts", "invoices");

        Assert.Equal((1, 1), (rows.MadeByClient, rows.ChangedByClient));
        Assert.Equal((0, 0), (back.Parts.Sum(part => part.Created), back.Parts.Sum(part => part.Deleted)));
    }

    /// <summary>What an accounting program keeps of a line beside what the hub knows is not lost when the hub changes the line.</summary>
    [Theory]
    [InlineData("quickbooks", "Invoice", "Line.0.SalesItemLineDetail.ItemRef.value", "Line.0.Description")]
    [InlineData("xero", "Invoices", "LineItems.0.LineItemID", "LineItems.0.Description")]
    [InlineData("xero", "Invoices", "LineItems.0.AccountCode", "LineItems.0.Description")]
    [InlineData("sql-accounting", "salesinvoice", "sdsdocdetail.0.itemcode", "sdsdocdetail.0.description")]
    [InlineData("autocount", "invoice", "details.0.productCode", "details.0.description")]
    public async Task Lines_keep_what_the_hub_does_not_know(string key, string table, string path, string description)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        foreach (var other in InboundCase.Of(key))
        {
            world.Provider.Rows(other.Table).Reset(8);
        }

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        var (id, record) = (await world.RecordsAsync("invoices")).First();
        var rows = world.Provider.Rows(table);
        var before = InboundCase.Text(rows.Read(id), path);
        var lines = JsonNode.Parse(record.Fields.Text("lines")!)!.AsArray();
        lines[0]!["description"] = "Changed by the hub";

        await world.ChangeAsync("invoices", record.Id, new JsonObject { ["lines"] = lines.DeepClone() });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");

        Assert.False(string.IsNullOrEmpty(before));
        Assert.Equal((before, "Changed by the hub"), (InboundCase.Text(rows.Read(id), path), InboundCase.Text(rows.Read(id), description)));
        Assert.Equal(1, rows.ChangedByClient);
    }

    [Theory]
    [InlineData("sql-accounting", "stockitem", "code description refprice")]
    [InlineData("autocount", "product", "productCode productName price")]
    public async Task A_product_goes_out_under_its_own_code(string key, string table, string fields)
    {
        await using var world = await ProviderWorld.StartAsync(key);
        var rows = world.Provider.Rows(table);
        rows.Reset(2);
        var product = (await world.AddAsync("products", [new JsonObject { ["sku"] = "CHAIR-1", ["name"] = "Chair", ["unitPrice"] = 49.5m, ["currency"] = "MYR" }]))[0];

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "products");
        await world.ChangeAsync("products", product, new JsonObject { ["unitPrice"] = 52m });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "products");

        Assert.Equal(["CHAIR-1", "Chair", "52"], fields.Split(' ').Select(path => Plain(InboundCase.Text(rows.Read("CHAIR-1"), path))));
        Assert.Equal((1, 1), (rows.MadeByClient, rows.ChangedByClient));
    }

    [Fact]
    public async Task A_payment_is_put_on_its_invoice_in_QuickBooks()
    {
        await using var world = await ProviderWorld.StartAsync("quickbooks");
        foreach (var table in (string[])["Customer", "Invoice", "Payment"])
        {
            world.Provider.Rows(table).Reset(0);
        }

        var contact = ProviderWorld.PublicIdOf("contacts", (await world.AddAsync("contacts", [new JsonObject { ["name"] = "Ada Lovelace", ["contactType"] = "customer" }]))[0]);
        var invoice = ProviderWorld.PublicIdOf("invoices", (await world.AddAsync("invoices", [Invoice(contact)]))[0]);
        await world.AddAsync("payments",
        [
            new JsonObject { ["amount"] = 119.5m, ["currency"] = "USD", ["contactId"] = contact, ["invoiceId"] = invoice, ["paidAt"] = "2026-11-20T09:00:00Z", ["status"] = "completed" },
            new JsonObject { ["amount"] = 5m, ["currency"] = "USD", ["contactId"] = contact, ["status"] = "completed" },
            new JsonObject { ["amount"] = 7m, ["currency"] = "USD", ["contactId"] = contact, ["status"] = "failed" },
        ]);

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "contacts", "invoices", "payments");

        var ids = (await world.RecordsAsync("payments")).OrderByDescending(payment => payment.Value.Fields.Number("amount")).Select(payment => payment.Key).ToList();
        var rows = world.Provider.Rows("Payment");
        Assert.Equal((await world.RecordsAsync("invoices")).Single().Key, InboundCase.Text(rows.Read(ids[0]), "Line.0.LinkedTxn.0.TxnId"));
        Assert.Equal("2026-11-20", InboundCase.Text(rows.Read(ids[0]), "TxnDate"));
        Assert.Null(rows.Read(ids[1])!["Line"]);
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public async Task A_name_that_QuickBooks_has_already_is_refused_alone()
    {
        await using var world = await ProviderWorld.StartAsync("quickbooks");
        var rows = world.Provider.Rows("Customer");
        rows.Reset(1);
        await world.AddAsync("contacts",
        [
            new JsonObject { ["name"] = rows.Read(0)["DisplayName"]!.GetValue<string>(), ["contactType"] = "customer" },
            new JsonObject { ["firstName"] = "Grace", ["lastName"] = "Hopper", ["contactType"] = "customer" },
        ]);

        var run = await world.SyncAsync(SyncType.Incremental, SyncDirections.Out, "contacts");

        Assert.Equal((SyncStatus.Partial, 1, 1), (run.Run.Status, run.Parts[0].Failed, run.Parts[0].Created));
        Assert.Equal("Grace Hopper", InboundCase.Text(rows.Read(1), "DisplayName"));
        Assert.Empty(world.Provider.Violations);
    }

    private static JsonObject Invoice(string contact) => new()
    {
        ["number"] = "2026-001",
        ["contactId"] = contact,
        ["status"] = "open",
        ["currency"] = "USD",
        ["amount"] = 119.5m,
        ["date"] = "2026-11-01",
        ["dueDate"] = "2026-12-01",
        ["lines"] = Lines("Consulting"),
    };

    private static JsonArray Lines(string first) =>
    [
        new JsonObject { ["description"] = first, ["quantity"] = 2, ["unitPrice"] = 50, ["amount"] = 100 },
        new JsonObject { ["description"] = "Travel", ["quantity"] = 1, ["unitPrice"] = 19.5m, ["amount"] = 19.5m },
    ];

    // Numbers without needless zeros.
    private static string? Plain(string? text) => decimal.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && text!.Contains('.', StringComparison.Ordinal)
        ? number.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)
        : text;
}
