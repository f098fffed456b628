using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Testing;

namespace Integrations.Core.Tests.Connections;

/// <summary>However many need a new token at once, the refresh token is sent once: a second time would be taken for theft.</summary>
public sealed class SingleFlightTests
{
    private const int Calls = 100;

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Of_a_hundred_calls_on_an_expired_token_one_renews_it(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database, isRealTime: true);
        var id = await world.ConnectAsync();
        await world.ExpireAsync(id);

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => Task.Run(() => world.CallAsync(id))));

        Assert.Equal(1, world.Provider.Refreshes);
        world.Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task Of_a_hundred_calls_that_are_refused_one_renews_it()
    {
        await using var world = await ConnectionWorld.StartAsync(isRealTime: true);
        var id = await world.ConnectAsync();
        world.Provider.ExpireAccessTokens();

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => Task.Run(() => world.CallAsync(id))));

        Assert.Equal(1, world.Provider.Refreshes);
        world.Sandbox.AssertNoViolations();
    }

    [PostgresFact]
    public async Task Of_a_hundred_calls_on_two_nodes_one_renews_it()
    {
        await using var world = await ConnectionWorld.StartAsync(DatabaseProvider.Postgres, isRealTime: true);
        await using var other = await world.Hub.JoinAsync();
        var id = await world.ConnectAsync();
        for (var round = 1; round <= 3; round++)
        {
            await world.ExpireAsync(id);

            await Task.WhenAll(Enumerable.Range(0, Calls).Select(number => Task.Run(() => world.CallAsync(id, number % 2 == 0 ? world.Hub : other))));

            Assert.Equal(round, world.Provider.Refreshes);
        }

        world.Sandbox.AssertNoViolations();
    }

    [PostgresFact]
    public async Task A_setting_that_changes_lets_no_other_node_begin_a_second_time()
    {
        await using var world = await ConnectionWorld.StartAsync(DatabaseProvider.Postgres, isRealTime: true);
        await using var other = await world.Hub.JoinAsync();
        var id = await world.ConnectAsync();
        await world.ExpireAsync(id);
        Task? late = null;
        world.Lab.AfterRefresh = async () =>
        {
            if (late is null)
            {
                await world.Get<ConnectionService>().UpdateAsync(world.Actor, id, new ConnectionChanges { Name = "Renamed" }, CancellationToken.None);
                // It finds the lease, and waits for what this flight stores.
                late = world.CallAsync(id, other);
                await ConnectionWorld.UntilAsync(() => other.Get<TokenRefresher>().FlightCount == 1);
            }
        };

        await world.CallAsync(id);
        await late!;

        Assert.Equal(1, world.Provider.Refreshes);
        world.Sandbox.AssertNoViolations();
    }
}
