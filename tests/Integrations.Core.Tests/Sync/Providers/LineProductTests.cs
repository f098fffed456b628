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
    public async Task A_line_gets_its_product_when_that_comes_unless_somebody_changed_the_invoice(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        var (changed, invoice) = (await world.RecordsAsync("invoices")).Last();
        Assert.DoesNotContain("productId", invoice.Fields.Text("lines"), StringComparison.Ordinal);
        await world.ChangeAsync("invoices", invoice.Id, new JsonObject { ["lines"] = new JsonArray(new JsonObject { ["description"] = "Another one", ["quantity"] = 1, ["unitPrice"] = 5 }) });

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "products");

        await DemandProductsAsync(world, invoices, code, changed);
        Assert.DoesNotContain("productId", (await world.RecordsAsync("invoices"))[changed].Fields.Text("lines"), StringComparison.Ordinal);
        await using var db = world.Hub.Open();
        Assert.Equal(0, await db.MissingReferences.CountAsync());
        var rest = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        Assert.Equal((1, 1), (rest.Parts.Sum(part => part.Updated), world.Provider.Rows(invoices).ChangedByClient));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_line_goes_out_with_the_code_of_its_product(string key, string contacts, string products, string invoices, string code)
    {
        await using var world = await WorldAsync(key, contacts, products, invoices);
        world.Provider.Rows(invoices).Reset(0);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "products");
        var contact = ProviderWorld.PublicIdOf("contacts", (await world.RecordsAsync("contacts")).First().Value.Id);
        var sold = (await world.RecordsAsync("products")).Take(2).ToList();
        await world.AddAsync("invoices",
        [
            new JsonObject
            {
                ["number"] = "2026-001",
                ["contactId"] = contact,
                ["status"] = "open",
                ["currency"] = "MYR",
                ["date"] = "2026-11-01",
                ["lines"] = new JsonArray(Line(sold[1].Value.Id), new JsonObject { ["description"] = "Travel", ["quantity"] = 1, ["unitPrice"] = 19.5m }, Line(sold[0].Value.Id)),
            },
        ]);

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");

        var document = world.Provider.Rows(invoices).Read((await world.RecordsAsync("invoices")).Single().Key);
        Assert.Equal([sold[1].Key, null, sold[0].Key], Enumerable.Range(0, 3).Select(line => InboundCase.Text(document, code.Replace("{0}", $"{line}", StringComparison.Ordinal))));
        Assert.Empty(world.Provider.Violations);

        static JsonObject Line(Guid product) => new() { ["description"] = "Chair", ["quantity"] = 2, ["unitPrice"] = 50, ["productId"] = ProviderWorld.PublicIdOf("products", product) };
    }

    private static async Task<ProviderWorld> WorldAsync(string key, params string[] tables)
    {
        var world = await ProviderWorld.StartAsync(key);
        Array.ForEach(tables, table => world.Provider.Rows(table).Reset(8));
        return world;
    }

    private static async Task DemandProductsAsync(ProviderWorld world, string table, string code, string? except = null)
    {
        var products = (await world.RecordsAsync("products")).ToDictionary(product => ProviderWorld.PublicIdOf("products", product.Value.Id), product => product.Key, StringComparer.Ordinal);
        var invoices = (await world.RecordsAsync("invoices")).Where(invoice => invoice.Key != except).ToList();
        Assert.NotEmpty(invoices);
        foreach (var (id, invoice) in invoices)
        {
            foreach (var (index, line) in JsonNode.Parse(invoice.Fields.Text("lines")!)!.AsArray().Index())
            {
                Assert.Equal(InboundCase.Text(world.Provider.Rows(table).Read(id), code.Replace("{0}", $"{index}", StringComparison.Ordinal)), products[line!["productId"]!.GetValue<string>()]);
            }
        }
    }
}
