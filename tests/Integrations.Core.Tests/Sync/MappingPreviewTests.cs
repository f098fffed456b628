using Integrations.Core.Providers.Mapping;
using Integrations.Core.Security;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync;

public sealed class MappingPreviewTests
{
    [Fact]
    public async Task First_rows_are_shown_as_the_mapping_reads_them_and_nothing_is_stored()
    {
        await using var world = await SyncWorld.StartAsync(starts: false);
        // Stripe tells the newest first.
        world.Customers.Edit(SyncWorld.Rows - 1, ("name", "Ada Lovelace"), ("email", "ADA@example.com"));

        var rows = await world.Hub.Get<MappingPreviews>().ReadAsync(world.Actor, world.Connection, "contacts", null, CancellationToken.None);

        Assert.Equal(MappingPreviews.MaxRows, rows.Count);
        var ada = rows.Single(row => row.ExternalId == world.Customers.IdOf(SyncWorld.Rows - 1));
        Assert.Equal(("Ada Lovelace", "Ada Lovelace", "ADA@example.com"), (ada.Name, ada.Fields["name"], ada.Content.GetProperty("email").GetString()));
        Assert.Empty(await world.ContactsAsync());
    }

    [Fact]
    public async Task Mapping_that_is_not_saved_is_tried_too_and_a_row_that_does_not_fit_says_why()
    {
        await using var world = await SyncWorld.StartAsync(starts: false);
        FieldMapping[] mapping = [new("id", "name"), new("name", "email")];

        var rows = await world.Hub.Get<MappingPreviews>().ReadAsync(world.Actor, world.Connection, "contacts", mapping, CancellationToken.None);

        Assert.All(rows, row => Assert.Contains("must be an e-mail address", row.Fault, StringComparison.Ordinal));
        var refusal = await Assert.ThrowsAsync<Refusal>(
            () => world.Hub.Get<MappingPreviews>().ReadAsync(world.Actor, world.Connection, "contacts", [new("name", "nothing")], CancellationToken.None));
        Assert.Equal("fields[0].target", refusal.Faults[0].Field);
        Assert.All(await world.Hub.Get<SyncQueries>().MappingsAsync(world.Actor, world.Connection, CancellationToken.None), row => Assert.False(row.IsOwn));
    }

    [Fact]
    public async Task Provider_that_does_not_answer_is_told_in_its_words()
    {
        await using var world = await SyncWorld.StartAsync(starts: false);
        world.Sandbox.Provider("stripe").FailEvery(1, "rate-limit;retry-after=3600");

        var refusal = await Assert.ThrowsAsync<Refusal>(
            () => world.Hub.Get<MappingPreviews>().ReadAsync(world.Actor, world.Connection, "contacts", null, CancellationToken.None));

        Assert.Equal((RefusalKind.TooMany, TimeSpan.FromHours(1)), (refusal.Kind, refusal.RetryAfter));
    }
}
