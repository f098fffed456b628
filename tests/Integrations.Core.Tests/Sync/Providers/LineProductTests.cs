using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>Invoice lines that name a product, by its code at the provider and by its record in the hub.</summary>
public sealed class LineProductTests
{
    /// <summary>Provider, its tables of contacts, products and invoices, and where the first line's product is.</summary>
    public static TheoryData<string, string, string, string, string> Providers { get; } = new()
    {
        { "sql-accounting", "customer", "stockitem", "salesinvoice", "sdsdocdetail.{0}.itemcode" },
        { "autocount", "debtor", "product", "invoice", "details.{0}.productCode" },
    };

    [Theory, MemberData(nameof(Providers))]
    public async Task A_line_that_comes_in_leads_to_its_product(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "products", "invoices");

        await DemandProductsAsync(world, invoices, code);
        var again = await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "contacts", "products", "invoices");
        Assert.Equal((0, 0), (again.Parts.Sum(part => part.Created + part.Updated), world.Provider.Writes.Count));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_line_gets_its_product_when_that_comes_unless_it_is_another_one_by_then(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        var (all, rows) = ((await world.RecordsAsync("invoices")).ToList(), world.Provider.Rows(invoices));
        var ((pushed, pushedRecord), (open, openRecord), (_, dated)) = (all[0], all[1], all[2]);
        Assert.DoesNotContain("productId", pushedRecord.Fields.Text("lines"), StringComparison.Ordinal);
        await world.ChangeAsync("invoices", pushedRecord.Id, new JsonObject { ["lines"] = Another() });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        await world.ChangeAsync("invoices", openRecord.Id, new JsonObject { ["lines"] = Another() });
        await world.ChangeAsync("invoices", dated.Id, new JsonObject { ["date"] = "2026-10-10" });

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "products");

        await DemandProductsAsync(world, invoices, code, pushed, open);
        var after = await world.RecordsAsync("invoices");
        Assert.All(new[] { pushed, open }, id => Assert.DoesNotContain("productId", after[id].Fields.Text("lines"), StringComparison.Ordinal));
        await using var db = world.Hub.Open();
        Assert.Equal(0, await db.MissingReferences.CountAsync());
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        Assert.Equal(3, rows.ChangedByClient);

        static JsonArray Another() => [new JsonObject { ["description"] = "Another one", ["quantity"] = 1, ["unitPrice"] = 5 }];
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_line_keeps_a_product_that_the_provider_does_not_know(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);
        world.Provider.Rows(invoices).Reset(0);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");
        var own = (await world.AddAsync("products", [new JsonObject { ["name"] = "Advice" }]))[0];
        var invoice = await InvoiceAsync(world, Line("Advice", own));

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        var back = await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "invoices");

        var (id, record) = (await world.RecordsAsync("invoices")).Single();
        Assert.True(string.IsNullOrEmpty(InboundCase.Text(world.Provider.Rows(invoices).Read(id), At(code, 0))));
        Assert.Equal((invoice, 0), (record.Id, back.Parts.Sum(part => part.Created + part.Failed)));
        Assert.Contains(ProviderWorld.PublicIdOf("products", own), record.Fields.Text("lines"), StringComparison.Ordinal);
        Assert.Equal((1, 0), (world.Provider.Rows(invoices).MadeByClient, world.Provider.Rows(invoices).ChangedByClient));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_line_does_not_take_over_the_product_of_one_that_went_before_it(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);
        world.Provider.Rows(invoices).Reset(0);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "products");
        var sold = (await world.RecordsAsync("products")).First();
        var invoice = await InvoiceAsync(world, Line("Chair", sold.Value.Id), Line("Travel"));
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        var number = (await world.RecordsAsync("invoices")).Single().Key;
        Assert.Equal(sold.Key, InboundCase.Text(world.Provider.Rows(invoices).Read(number), At(code, 0)));

        await world.ChangeAsync("invoices", invoice, new JsonObject { ["lines"] = new JsonArray(Line("Travel")) });
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "invoices");

        Assert.True(string.IsNullOrEmpty(InboundCase.Text(world.Provider.Rows(invoices).Read(number), At(code, 0))));
        Assert.DoesNotContain("productId", (await world.RecordsAsync("invoices")).Single().Value.Fields.Text("lines"), StringComparison.Ordinal);
        Assert.Equal((1, 1), (world.Provider.Rows(invoices).MadeByClient, world.Provider.Rows(invoices).ChangedByClient));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_line_goes_out_with_the_code_of_its_product(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);
        world.Provider.Rows(invoices).Reset(0);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "products");
        var sold = (await world.RecordsAsync("products")).Take(2).ToList();
        await InvoiceAsync(world, Line("Chair", sold[1].Value.Id), Line("Travel"), Line("Chair", sold[0].Value.Id));

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");

        var document = world.Provider.Rows(invoices).Read((await world.RecordsAsync("invoices")).Single().Key);
        Assert.Equal([sold[1].Key, null, sold[0].Key], Enumerable.Range(0, 3).Select(line => InboundCase.Text(document, At(code, line))));
        Assert.Empty(world.Provider.Violations);
    }

    private static async Task<ProviderWorld> WorldAsync(string key, params string[] tables)
    {
        var world = await ProviderWorld.StartAsync(key);
        Array.ForEach(tables, table => world.Provider.Rows(table).Reset(8));
        return world;
    }

    private static async Task<Guid> InvoiceAsync(ProviderWorld world, params JsonNode?[] lines) => (await world.AddAsync("invoices",
    [
        new JsonObject
        {
            ["number"] = "2026-001",
            ["contactId"] = ProviderWorld.PublicIdOf("contacts", (await world.RecordsAsync("contacts")).First().Value.Id),
            ["status"] = "open",
            ["currency"] = "MYR",
            ["date"] = "2026-11-01",
            ["lines"] = new JsonArray(lines),
        },
    ]))[0];

    private static JsonObject Line(string description, Guid? product = null)
    {
        JsonObject line = new() { ["description"] = description, ["quantity"] = 2, ["unitPrice"] = 50 };
        if (product is { } id)
        {
            line["productId"] = ProviderWorld.PublicIdOf("products", id);
        }

        return line;
    }

    private static string At(string code, int line) => code.Replace("{0}", $"{line}", StringComparison.Ordinal);

    private static async Task DemandProductsAsync(ProviderWorld world, string table, string code, params string[] except)
    {
        var products = (await world.RecordsAsync("products")).ToDictionary(product => ProviderWorld.PublicIdOf("products", product.Value.Id), product => product.Key, StringComparer.Ordinal);
        var invoices = (await world.RecordsAsync("invoices")).Where(invoice => !except.Contains(invoice.Key, StringComparer.Ordinal)).ToList();
        Assert.NotEmpty(invoices);
        foreach (var (id, invoice) in invoices)
        {
            foreach (var (index, line) in JsonNode.Parse(invoice.Fields.Text("lines")!)!.AsArray().Index())
            {
                Assert.Equal(InboundCase.Text(world.Provider.Rows(table).Read(id), At(code, index)), products[line!["productId"]!.GetValue<string>()]);
            }
        }
    }
}
