using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Sync;

public sealed class InboundTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task First_run_takes_in_every_row_and_the_next_only_what_changed(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database);
        var first = await world.InAsync();
        SyncWorld.AssertDone(first);
        Assert.Equal((SyncWorld.Rows, SyncWorld.Rows, 0), (first.Processed, first.Parts[0].Created, first.Failed));
        var contacts = await world.ContactsAsync();
        Assert.Equal(SyncWorld.Rows, contacts.Count);
        Assert.All(contacts, contact => Assert.Equal(("customer", "stripe"), (contact.Kind, contact.Source)));

        var touched = world.Customers.Touch(7);
        var second = await world.InAsync();
        SyncWorld.AssertDone(second);
        Assert.Equal((7, 0), (second.Parts[0].Updated, second.Parts[0].Created));
        var changed = await world.ContactOfAsync(touched[0]);
        Assert.Equal(world.Customers.Read(touched[0])!["name"]?.GetValue<string>(), changed!.Name);

        var third = await world.InAsync();
        SyncWorld.AssertDone(third);
        Assert.Equal((0, 0), (third.Parts[0].Updated, third.Parts[0].Created));
        Assert.Equal(1, third.Parts[0].Calls);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Full_pass_finds_what_is_gone(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database);
        await world.InAsync();
        world.Customers.Delete(3);
        var run = await world.InAsync(SyncType.Full);
        SyncWorld.AssertDone(run);
        Assert.Equal((3, SyncWorld.Rows - 3), (run.Parts[0].Deleted, run.Parts[0].Unchanged));
        Assert.Equal(SyncWorld.Rows - 3, (await world.ContactsAsync()).Count);
    }

    [Fact]
    public async Task Many_deletes_wait_for_a_word()
    {
        await using var world = await SyncWorld.StartAsync();
        await world.InAsync();
        world.Customers.Delete(40);
        var run = await world.InAsync(SyncType.Full);
        SyncWorld.AssertDone(run);
        Assert.Contains("40 records are gone at Stripe", run.Run.Error, StringComparison.Ordinal);
        Assert.Equal(SyncWorld.Rows, (await world.ContactsAsync()).Count);
        Assert.Equal([new PendingDeletes("contacts", 40)], await world.Hub.Get<SyncQueries>().PendingDeletesAsync(world.Actor, world.Connection, CancellationToken.None));

        Assert.Equal(40, await world.Syncs.DecideDeletesAsync(world.Actor, world.Connection, "contacts", delete: true, CancellationToken.None));
        Assert.Equal(SyncWorld.Rows - 40, (await world.ContactsAsync()).Count);
        Assert.Empty(await world.Hub.Get<SyncQueries>().PendingDeletesAsync(world.Actor, world.Connection, CancellationToken.None));
        await Assert.ThrowsAsync<Refusal>(() => world.Syncs.DecideDeletesAsync(world.Actor, world.Connection, "contacts", delete: true, CancellationToken.None));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_kept_and_tried_again()
    {
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Edit(5, ("email", "not an address"));
        var run = await world.InAsync();
        Assert.Equal((SyncStatus.Partial, 1, SyncWorld.Rows - 1), (run.Run.Status, run.Failed, run.Parts[0].Created));
        var issue = Assert.Single((await world.Hub.Get<SyncQueries>().IssuesAsync(world.Actor, run.Run.Id, SyncIssueKind.Error, new PageRequest(10), CancellationToken.None)).Rows);
        Assert.Equal(world.Customers.IdOf(5), issue.ExternalId);
        Assert.Contains("email must be an e-mail address", issue.Message, StringComparison.Ordinal);

        // A mapping that leaves the address out lets the row in as it was sent.
        var mapping = (await world.Hub.Get<SyncQueries>().MappingsAsync(world.Actor, world.Connection, CancellationToken.None)).First(type => type.DataType.Name == "contacts");
        await world.Syncs.SetMappingAsync(world.Actor, world.Connection, "contacts", [.. mapping.Fields.Where(field => field.Target != "email")], CancellationToken.None);
        var again = await world.EndAsync((await world.Syncs.RetryFailedAsync(world.Actor, run.Run.Id, CancellationToken.None)).Id);
        SyncWorld.AssertDone(again);
        Assert.Equal((SyncType.Retry, 1), (again.Run.Type, again.Parts[0].Created));
        Assert.Equal(SyncWorld.Rows, (await world.ContactsAsync()).Count);
        await Assert.ThrowsAsync<Refusal>(() => world.Syncs.RetryFailedAsync(world.Actor, run.Run.Id, CancellationToken.None));
    }

    [Fact]
    public void Half_a_character_fails_its_row_alone()
    {
        RecordMapper mapper = new(RecordTypes.Contacts, [new("name", "name")]);
        Assert.Equal("The row holds a text with half a character in it.", mapper.Read(JsonSerializer.Deserialize<JsonElement>("""{"name":"\ud800"}""")).Fault);
        Assert.Equal("Ann", mapper.Read(JsonSerializer.Deserialize<JsonElement>("""{"\ud800":"x","name":"Ann"}""")).Fields?.Text("name"));
        Assert.Equal("Ann", JsonSerializer.Deserialize<JsonElement>("""{"\ud800":"x","name":"Ann"}""").TextAt("name"));
    }

    [Fact]
    public void An_id_that_cannot_be_kept_fails_its_row_alone()
    {
        RecordMapper mapper = new(RecordTypes.Contacts, [new("name", "name")]);
        var ann = JsonSerializer.Deserialize<JsonElement>("""{"name":"Ann"}""");
        MappedLot lot = new(mapper, [ReadRow.Of(mapper, new RemoteRow("a\0b", ann)), ReadRow.Of(mapper, new RemoteRow("", ann)), ReadRow.Of(mapper, new RemoteRow("ab", ann))]);
        Assert.Equal(["The provider gave the row an id with a character that cannot be kept.", "The provider gave the row no id."], lot.Faults.Select(fault => fault.Fault));
        Assert.Equal((3, "ab"), (lot.Count, Assert.Single(lot.Rows).Remote.Id));
    }

    [Fact]
    public async Task Contact_of_another_source_is_found_by_its_address()
    {
        await using var world = await SyncWorld.StartAsync();
        world.Customers.Edit(3, ("email", "Known@Example.com"));
        var mine = await world.MakeAsync(new { email = "known@example.com", jobTitle = "Director" });
        await world.InAsync();
        Assert.Equal(SyncWorld.Rows, (await world.ContactsAsync()).Count);
        var found = await world.ContactOfAsync(world.Customers.IdOf(3));
        Assert.Equal((mine, "Director"), (found!.Id, found.Fields.Text("jobTitle")));
    }

    [Fact]
    public async Task Second_start_names_the_run_that_has_not_ended()
    {
        await using var world = await SyncWorld.StartAsync(starts: false);
        var started = await world.Syncs.StartAsync(world.Actor, world.Connection, new SyncInput(), CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<Refusal>(() => world.Syncs.StartAsync(world.Actor, world.Connection, new SyncInput(), CancellationToken.None));
        Assert.Equal((RefusalKind.Conflict, PublicId.Format(PublicId.SyncRun, started.Id)), (refusal.Kind, refusal.ConflictsWith));
        await world.Syncs.CancelAsync(world.Actor, started.Id, CancellationToken.None);
        Assert.Equal(SyncStatus.Cancelled, (await world.Hub.Get<SyncQueries>().GetAsync(world.Actor, started.Id, CancellationToken.None)).Run.Status);
        await world.Syncs.StartAsync(world.Actor, world.Connection, new SyncInput(), CancellationToken.None);
    }

    [Fact]
    public async Task Another_organization_sees_nothing()
    {
        await using var world = await SyncWorld.StartAsync();
        var run = await world.InAsync();
        var other = Actor.System("other", Guid.CreateVersion7());
        await world.Hub.AddOrganizationAsync(other.OrganizationId!.Value);
        await Assert.ThrowsAsync<Refusal>(() => world.Hub.Get<SyncQueries>().GetAsync(other, run.Run.Id, CancellationToken.None));
        await Assert.ThrowsAsync<Refusal>(() => world.Syncs.StartAsync(other, world.Connection, new SyncInput(), CancellationToken.None));
        var contact = (await world.ContactsAsync())[0].Id;
        await Assert.ThrowsAsync<Refusal>(() => world.Hub.Get<RecordQueries>().GetAsync(other, RecordTypes.Contacts, contact, CancellationToken.None));
        await Assert.ThrowsAsync<Refusal>(() => world.Hub.Get<RecordService>().DeleteAsync(other, RecordTypes.Contacts, contact, CancellationToken.None));
        await using var db = world.Hub.Open(other);
        Assert.Equal(0, await db.Records.CountAsync());
        Assert.Equal(0, await db.RecordLinks.CountAsync());
        Assert.Equal(0, await db.SyncParts.CountAsync());
    }
}
