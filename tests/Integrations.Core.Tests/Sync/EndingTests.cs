using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Testing;

namespace Integrations.Core.Tests.Sync;

/// <summary>How runs end when a provider does not answer, and when several nodes could run them.</summary>
public sealed class EndingTests
{
    // Longer than a run waits for a provider.
    private const string Down = "rate-limit;retry-after=3600";

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Provider_that_is_down_from_the_beginning_fails_the_run_and_the_next_one_mends_it(DatabaseProvider database)
    {
        await using var world = await SyncWorld.StartAsync(database);
        world.Sandbox.Provider("stripe").FailEvery(1, Down);

        var run = await world.InAsync(SyncType.Full);

        Assert.Equal((SyncStatus.Failed, 0), (run.Run.Status, run.Processed));
        Assert.StartsWith("Stripe answered 429", run.Parts[0].Error, StringComparison.Ordinal);
        Assert.Empty(await world.ContactsAsync());

        await MendAsync(world);
    }

    [Fact]
    public async Task Provider_that_goes_down_in_the_middle_leaves_what_came_before_and_the_next_run_mends_it()
    {
        await using var world = await SyncWorld.StartAsync();
        // The first page of a hundred comes; after it nothing does.
        world.Sandbox.Provider("stripe").Fail("/v1/customers", Down, times: 1_000, after: 1);

        var run = await world.InAsync(SyncType.Full);

        Assert.Equal((SyncStatus.Partial, 100), (run.Run.Status, run.Processed));
        Assert.Equal(100, (await world.ContactsAsync()).Count);

        await MendAsync(world);
    }

    [PostgresFact]
    public async Task Two_nodes_share_runs_and_never_do_one_twice()
    {
        // As nodes begin, with clocks near the database's: one that had not set its own by it yet would give itself leases that are long over for the other.
        await using var world = await SyncWorld.StartAsync(DatabaseProvider.Postgres, clock: new FakeClock(TimeProvider.System.GetUtcNow()));
        await using var other = await world.Hub.JoinAsync();
        await other.StartAsync();

        for (var round = 1; round <= 5; round++)
        {
            // Far less than a lease: each node sets its clock back to the database's when it comes to it, and until then they differ by what is advanced here.
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            var before = world.Sandbox.Provider("stripe").CallCounts.Values.Sum();
            var run = await world.RunAsync(new SyncInput(SyncType.Full, ["contacts"], SyncDirections.In));

            SyncWorld.AssertDone(run);
            Assert.Equal(SyncWorld.Rows, run.Processed);
            Assert.Equal(run.Parts[0].Calls, world.Sandbox.Provider("stripe").CallCounts.Values.Sum() - before);
            Assert.Equal(SyncWorld.Rows, (await world.ContactsAsync()).Count);
        }
    }

    private static async Task MendAsync(SyncWorld world)
    {
        world.Sandbox.Provider("stripe").Reset();
        world.Customers.Reset(SyncWorld.Rows);
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        var run = await world.InAsync();
        SyncWorld.AssertDone(run);
        Assert.Equal(SyncWorld.Rows, (await world.ContactsAsync()).Count);
        Assert.All(await world.ContactsAsync(), contact => Assert.Null(contact.DeletedAt));
    }
}
