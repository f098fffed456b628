using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync;

public sealed class MappingChangeTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Mapping_that_changes_while_a_run_is_under_way_is_followed_by_the_next_run_for_every_row(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database, starts: false);
        var run = await world.Syncs.StartAsync(world.Actor, world.Connection, new SyncInput(SyncType.Incremental, ["contacts"], SyncDirections.Both), CancellationToken.None);
        var mapping = (await world.Hub.Get<SyncQueries>().MappingsAsync(world.Actor, world.Connection, CancellationToken.None)).First(type => type.DataType.Name == "contacts");
        await world.Syncs.SetMappingAsync(world.Actor, world.Connection, "contacts", [.. mapping.Fields.Where(field => field.Target != "phone")], CancellationToken.None);
        await world.Hub.StartAsync();
        SyncWorld.AssertDone(await world.EndAsync(run.Id));

        // What that run read it may have read by the mapping before.
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var next = await world.BothAsync();
        SyncWorld.AssertDone(next);
        Assert.Equal(SyncWorld.Rows, next.Parts.Single(part => part.Direction == SyncDirections.In).Processed);

        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var last = await world.BothAsync();
        SyncWorld.AssertDone(last);
        Assert.Equal(0, last.Processed);
    }
}
