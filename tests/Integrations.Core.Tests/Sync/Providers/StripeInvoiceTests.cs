using System.Text.Json.Nodes;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>Stripe's invoices: their lines beyond the ten that an invoice carries, and the products that lines name.</summary>
public sealed class StripeInvoiceTests
{
    private const string Product = "lines.data.{0}.pricing.price_details.product";

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(230)]
    public async Task An_invoice_comes_in_with_all_its_lines(int count)
    {
        await using var world = await WorldAsync();
        SetLines(world, 0, count);

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        var first = await LinesAsync(world, 0);
        SetLines(world, 0, count + 1);
        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.In, "invoices");

        Assert.Equal(Enumerable.Range(0, count).Select(Words), first.Select(line => line!["description"]!.GetValue<string>()));
        Assert.Equal(count + 1, (await LinesAsync(world, 0)).Count);
    }

    [Fact]
    public async Task An_invoice_that_was_deleted_after_it_was_changed_does_not_end_the_sync()
    {
        await using var world = await WorldAsync();
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        SetLines(world, 0, 20);
        var rows = world.Provider.Rows("invoices");
        var id = rows.IdOf(0);
        rows.DeleteAt(0);

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.In, "invoices");

        Assert.DoesNotContain(id, (await world.RecordsAsync("invoices")).Keys);
    }

    [Fact]
    public async Task What_is_told_on_a_later_page_of_the_same_second_counts_as_older()
    {
        await using var world = await WorldAsync();
        for (var change = 0; change < 150; change++)
        {
            world.Provider.Rows("customers").Edit(0, ("phone", $"+1 555 {change:0000}"));
        }

        var session = await world.Hub.Get<ProviderGateway>().OpenAsync(world.Actor, world.Connection, TimeSpan.FromMinutes(1), CancellationToken.None);
        var connector = ConnectorCatalog.FromAssembly().Find("stripe")!;
        var request = new ReadRequest("contacts", null, DateTimeOffset.UtcNow.AddMinutes(-5), []);
        var first = await connector.ReadAsync(session, request, CancellationToken.None);
        var second = await connector.ReadAsync(session, request with { Cursor = first.Next }, CancellationToken.None);

        var (newer, older) = (Assert.Single(first.Rows), Assert.Single(second.Rows));
        Assert.Equal(newer.Id, older.Id);
        Assert.True(older.UpdatedAt < newer.UpdatedAt);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_line_that_comes_in_leads_to_its_product_also_when_that_comes_later()
    {
        await using var world = await WorldAsync();
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        Assert.All(await LinesAsync(world, 0), line => Assert.Null(line!["productId"]));

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "products");

        var products = (await world.RecordsAsync("products")).ToDictionary(product => ProviderWorld.PublicIdOf("products", product.Value.Id), product => product.Key, StringComparer.Ordinal);
        var theirs = world.Provider.Rows("invoices").Read(0);
        Assert.All((await LinesAsync(world, 0)).Index(), line => Assert.Equal(InboundCase.Text(theirs, Product.Replace("{0}", $"{line.Index}", StringComparison.Ordinal)), products[line.Item!["productId"]!.GetValue<string>()]));
        var again = await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "contacts", "products", "invoices");
        Assert.Equal((0, 0), (again.Parts.Sum(part => part.Created + part.Updated), world.Provider.Writes.Count));
    }

    [Fact]
    public async Task A_draft_goes_out_with_the_products_of_its_lines()
    {
        await using var world = await WorldAsync();
        var rows = world.Provider.Rows("invoices");
        rows.Reset(0);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "products");
        var (sold, record) = (await world.RecordsAsync("products")).First();
        await world.AddAsync("invoices",
        [
            new JsonObject
            {
                ["contactId"] = ProviderWorld.PublicIdOf("contacts", (await world.RecordsAsync("contacts")).First().Value.Id),
                ["currency"] = "USD",
                ["lines"] = new JsonArray(
                    Line("Chairs", 3, 100m, ProviderWorld.PublicIdOf("products", record.Id)), Line("Cloth by the metre", 2.5m, 40m, ProviderWorld.PublicIdOf("products", record.Id)), Line("Travel", 2, 19.5m)),
            },
        ]);

        await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Out, "invoices");
        await world.SyncAllAsync(SyncType.Full, SyncDirections.Both, "invoices");

        var draft = rows.Read((await world.RecordsAsync("invoices")).Single().Key);
        Assert.Equal([sold, sold, null], Enumerable.Range(0, 3).Select(line => InboundCase.Text(draft, Product.Replace("{0}", $"{line}", StringComparison.Ordinal))));
        Assert.Equal(["3", "1", "1"], Enumerable.Range(0, 3).Select(line => InboundCase.Text(draft, $"lines.data.{line}.quantity")));
        Assert.Equal(["10000", "4000", "1950"], Enumerable.Range(0, 3).Select(line => InboundCase.Text(draft, $"lines.data.{line}.amount")));
        // Each line that is put on it changes it.
        Assert.Equal((1, 3), (rows.MadeByClient, rows.ChangedByClient));
    }

    private static async Task<ProviderWorld> WorldAsync()
    {
        var world = await ProviderWorld.StartAsync("stripe");
        Array.ForEach(["customers", "products", "prices", "invoices"], table => world.Provider.Rows(table).Reset(8));
        return world;
    }

    private static JsonObject Line(string description, decimal quantity, decimal amount, string? product = null)
    {
        JsonObject line = new() { ["description"] = description, ["quantity"] = quantity, ["amount"] = amount };
        if (product is not null)
        {
            line["productId"] = product;
        }

        return line;
    }

    private static void SetLines(ProviderWorld world, int invoice, int count) => world.Provider.Rows("invoices").Edit(
        invoice,
        ("lines.data", new JsonArray([.. Enumerable.Range(0, count).Select(line => new JsonObject
        {
            ["id"] = $"il_{line}",
            ["object"] = "line_item",
            ["amount"] = 100,
            ["currency"] = "usd",
            ["description"] = Words(line),
            ["quantity"] = 1,
        })])));

    private static string Words(int line) => $"Line {line}";

    private static async Task<JsonArray> LinesAsync(ProviderWorld world, int invoice) =>
        JsonNode.Parse((await world.RecordsAsync("invoices"))[world.Provider.Rows("invoices").IdOf(invoice)].Fields.Text("lines")!)!.AsArray();
}
