using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Sync;

public sealed class OutboundTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task New_and_changed_records_go_out_once(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database);
        var contact = await world.MakeAsync(new { name = "Ada Lovelace", email = "ada@example.com", contactType = "customer", address = new { city = "London" } });
        await world.MakeAsync(new { name = "A vendor", contactType = "vendor" });
        var run = await world.OutAsync();
        SyncWorld.AssertDone(run);
        Assert.Equal((1, 1, world.Customers.MadeByClient), (run.Parts[0].Created, run.Parts[0].Calls, 1));

        var second = await world.OutAsync();
        SyncWorld.AssertDone(second);
        Assert.Equal((0, 1), (second.Parts[0].Calls, world.Customers.MadeByClient));

        await world.SetAsync(contact, new { phone = "+44 20 7946 0000" });
        var third = await world.OutAsync();
        SyncWorld.AssertDone(third);
        Assert.Equal((1, 1, 1), (third.Parts[0].Updated, world.Customers.MadeByClient, world.Customers.ChangedByClient));

        // What does not go out costs no call.
        await world.SetAsync(contact, new { jobTitle = "Countess" });
        var fourth = await world.OutAsync();
        SyncWorld.AssertDone(fourth);
        Assert.Equal(0, fourth.Parts[0].Calls);
        await using var db = world.Hub.Open();
        var link = await db.RecordLinks.SingleAsync(row => row.RecordId == contact);
        Assert.NotNull(link.RemotePrint);
        Assert.Equal((await db.Records.SingleAsync(row => row.Id == contact)).Print, link.RecordPrint);
    }

    [Fact]
    public async Task What_is_emptied_here_is_emptied_there_and_what_the_provider_has_else_stays_and_comes_in()
    {
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Reset(0);
        var contact = await world.MakeAsync(new { name = "Ada Lovelace", email = "ada@example.com", phone = "+44 20 7946 0000", customFields = new { tier = "gold" } });
        SyncWorld.AssertDone(await world.OutAsync());
        world.Customers.Edit(0, ("address.city", "London"));
        await world.SetAsync(contact, new { phone = (string?)null });
        // The history stays when another change comes before the push.
        await world.SetAsync(contact, new { email = "countess@example.com" });
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        SyncWorld.AssertDone(await world.OutAsync());

        var row = world.Customers.Read(0);
        Assert.Equal((null, "countess@example.com", "London"), ((string?)row["phone"], (string?)row["email"], (string?)row["address"]?["city"]));
        SyncWorld.AssertDone(await world.BothAsync());
        Assert.Equal("London", (await world.ContactOfAsync((string)row["id"]!))!.Fields.Text("address.city"));

        // It is emptied once: what the provider gets later is its own.
        world.Clock.Advance(TimeSpan.FromHours(1));
        world.Customers.Edit(0, ("phone", "+1 415 555 0100"));
        await world.SetAsync(contact, new { email = "ada@example.com" });
        SyncWorld.AssertDone(await world.OutAsync());
        Assert.Equal(("+1 415 555 0100", "ada@example.com"), ((string?)world.Customers.Read(0)["phone"], (string?)world.Customers.Read(0)["email"]));
    }

    [Fact]
    public async Task A_value_that_comes_back_within_the_day_goes_out_again_and_a_made_name_does_not_come_in()
    {
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Reset(0);
        var contact = await world.MakeAsync(new { firstName = "Ada", lastName = "Lovelace", email = "ada@example.com" });
        foreach (var phone in (string[])["1", "2", "1"])
        {
            await world.SetAsync(contact, new { phone = $"+44 20 7946 000{phone}" });
            SyncWorld.AssertDone(await world.OutAsync());
            world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(("+44 20 7946 0001", "Ada Lovelace", 1), ((string?)world.Customers.Read(0)["phone"], (string?)world.Customers.Read(0)["name"], world.Customers.MadeByClient));
        var run = await world.InAsync(SyncType.Full);
        SyncWorld.AssertDone(run);
        Assert.Equal(0, run.Parts[0].Updated);
        Assert.Null((await world.ContactOfAsync(world.Customers.IdOf(0)))!.Fields["name"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_value_that_went_out_goes_out_again_after_the_provider_had_another(bool isChangedAlikeHere)
    {
        const string Old = "+44 20 7946 0001";
        const string New = "+44 20 7946 0002";
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Reset(0);
        var contact = await world.MakeAsync(new { name = "Ada Lovelace", email = "ada@example.com", phone = Old });
        SyncWorld.AssertDone(await world.BothAsync());
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        world.Customers.Edit(0, ("phone", New));
        if (isChangedAlikeHere)
        {
            await world.SetAsync(contact, new { phone = New });
        }

        SyncWorld.AssertDone(await world.BothAsync());
        Assert.Equal(New, (await world.ContactOfAsync(world.Customers.IdOf(0)))!.Fields.Text("phone"));
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await world.SetAsync(contact, new { phone = Old });

        SyncWorld.AssertDone(await world.BothAsync());

        Assert.Equal((Old, Old), ((string?)world.Customers.Read(0)["phone"], (await world.ContactOfAsync(world.Customers.IdOf(0)))!.Fields.Text("phone")));
    }

    [Fact]
    public async Task What_the_provider_deletes_goes_here_too_whoever_made_it()
    {
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Reset(0);
        await world.MakeAsync(new { name = "Ada Lovelace", email = "ada@example.com" });
        SyncWorld.AssertDone(await world.OutAsync());
        world.Customers.DeleteAt(0);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var run = await world.InAsync(SyncType.Full);
        SyncWorld.AssertDone(run);
        Assert.Equal(1, run.Parts[0].Deleted);
        Assert.Empty(await world.ContactsAsync());
        // It is not made there anew.
        SyncWorld.AssertDone(await world.RunAsync(new SyncInput(SyncType.Full, ["contacts"], SyncDirections.Out)));
        Assert.Equal((0, 1), (world.Customers.Count, world.Customers.MadeByClient));
    }

    [Fact]
    public async Task Both_ways_come_to_rest()
    {
        await using var world = await SyncWorld.StartAsync();
        await world.MakeAsync(new { name = "Ada Lovelace", email = "ada@example.com" });
        SyncWorld.AssertDone(await world.BothAsync());
        SyncWorld.AssertDone(await world.BothAsync());
        var rest = await world.BothAsync();
        SyncWorld.AssertDone(rest);
        Assert.Equal((0, 0, 0), (rest.Parts.Sum(part => part.Created), rest.Parts.Sum(part => part.Updated), rest.Conflicts));
        Assert.Equal((SyncWorld.Rows + 1, 1, 0), ((await world.ContactsAsync()).Count, world.Customers.MadeByClient, world.Customers.ChangedByClient));
    }
}
