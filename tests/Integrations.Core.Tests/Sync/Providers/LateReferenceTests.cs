using System.Text.Json.Nodes;
using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>Records that lead to others which come later.</summary>
public sealed class LateReferenceTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_invoice_gets_its_customer_when_that_comes_and_nothing_of_it_goes_out(DatabaseProvider database)
    {
        await using var world = await WorldAsync(database);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "invoices");
        var before = await world.RecordsAsync("invoices");
        Assert.NotEmpty(before);
        Assert.All(before.Values, invoice => Assert.Null(invoice.Fields["contactId"]));
        Assert.Equal(before.Count, await MissingAsync(world));

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");

        var contacts = (await world.RecordsAsync("contacts")).ToDictionary(contact => contact.Key, contact => ProviderWorld.PublicIdOf("contacts", contact.Value.Id));
        foreach (var (id, invoice) in await world.RecordsAsync("invoices"))
        {
            Assert.Equal(contacts[InboundCase.Text(world.Provider.Rows("Invoice").Read(id), "CustomerRef.value")!], invoice.Fields.Text("contactId"));
        }

        Assert.Equal(0, await MissingAsync(world));
        world.Provider.ClearRecords();
        var rest = await world.SyncAllAsync(SyncType.Incremental, SyncDirections.Both, "contacts", "invoices");
        Assert.Equal((0, 0), (rest.Parts.Sum(part => part.Created + part.Updated), world.Provider.Writes.Count));
    }

    [Fact]
    public async Task What_somebody_chose_meanwhile_stays_and_an_unchanged_row_is_noted_once()
    {
        await using var world = await WorldAsync(DatabaseProvider.Sqlite);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "invoices");
        var (number, invoice) = (await world.RecordsAsync("invoices")).First();
        var chosen = ProviderWorld.PublicIdOf("contacts", (await world.AddAsync("contacts", [new JsonObject { ["name"] = "Ada Lovelace" }]))[0]);
        await world.ChangeAsync("invoices", invoice.Id, new JsonObject { ["contactId"] = chosen });
        var missing = await MissingAsync(world);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "invoices");
        Assert.Equal(missing, await MissingAsync(world));

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");

        Assert.Equal(chosen, (await world.RecordsAsync("invoices"))[number].Fields.Text("contactId"));
        Assert.Equal(0, await MissingAsync(world));
    }

    [Fact]
    public async Task An_invoice_that_moves_to_a_customer_who_comes_later_is_not_left_with_the_old_one()
    {
        await using var world = await WorldAsync(DatabaseProvider.Sqlite);
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts", "invoices");
        var (customers, invoices) = (world.Provider.Rows("Customer"), world.Provider.Rows("Invoice"));
        var number = invoices.IdOf(0);
        var before = (await world.RecordsAsync("invoices"))[number].Fields.Text("contactId");
        var later = customers.Create(1)[0];
        invoices.Edit(0, ("CustomerRef.value", later));
        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "invoices");
        Assert.Equal(before, (await world.RecordsAsync("invoices"))[number].Fields.Text("contactId"));

        await world.SyncAllAsync(SyncType.Full, SyncDirections.In, "contacts");

        var contact = (await world.RecordsAsync("contacts"))[later];
        Assert.Equal(ProviderWorld.PublicIdOf("contacts", contact.Id), (await world.RecordsAsync("invoices"))[number].Fields.Text("contactId"));
        Assert.Equal(0, await MissingAsync(world));
    }

    private static async Task<ProviderWorld> WorldAsync(DatabaseProvider database)
    {
        var world = await ProviderWorld.StartAsync("quickbooks", database);
        world.Provider.Rows("Customer").Reset(20);
        world.Provider.Rows("Invoice").Reset(30);
        return world;
    }

    private static async Task<int> MissingAsync(ProviderWorld world)
    {
        await using var db = world.Hub.Open();
        return await db.MissingReferences.CountAsync();
    }
}
