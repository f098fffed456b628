using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Storage;

namespace Integrations.Core.Tests.Connections;

/// <summary>When access tokens are renewed, and that each new one is kept.</summary>
public sealed class RefreshTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Upkeep_renews_ahead_of_the_expiry(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        var first = await world.RowAsync(id);
        var before = await world.CredentialAsync(id);
        // An hour's life, and a margin of a fifth with up to a tenth more.
        Assert.Equal(world.Now.AddHours(1), first.ExpiresAt);
        Assert.InRange(first.ExpiresAt!.Value - first.CheckAt!.Value, TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(13.2));
        Assert.Equal(0, await world.UpkeepAsync());

        await world.UpkeepWhenDueAsync(id);

        var after = await world.CredentialAsync(id);
        Assert.Equal(1, world.Provider.Refreshes);
        Assert.NotEqual((before.AccessToken, before.RefreshToken), (after.AccessToken, after.RefreshToken));
        Assert.Equal(world.Now.AddHours(1), (await world.RowAsync(id)).ExpiresAt);
        Assert.Equal(["connection.created"], await world.EventsAsync());
        world.Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task A_call_just_before_the_expiry_renews_first()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(58));
        await world.CallAsync(id);
        Assert.Equal(0, world.Provider.Refreshes);

        world.Clock.Advance(TimeSpan.FromSeconds(61));
        world.Provider.ClearRecords();
        await world.CallAsync(id);

        Assert.Equal(1, world.Provider.Refreshes);
        Assert.DoesNotContain(401, await world.StatusesAsync(2));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_refused_call_is_made_once_more_with_a_new_token(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        world.Provider.ExpireAccessTokens();
        world.Provider.ClearRecords();

        await world.CallAsync(id);

        Assert.Equal([200, 200, 401], await world.StatusesAsync(3));
        Assert.Single(world.Provider.Calls, call => call.Path == LabConnector.TokenPath);
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Fact]
    public async Task A_call_that_is_refused_with_the_new_token_too_ends_the_connection()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Lab.AfterRefresh = () =>
        {
            world.Provider.RevokeGrants();
            return Task.CompletedTask;
        };
        world.Provider.ExpireAccessTokens();
        world.Provider.ClearRecords();

        Assert.Equal(ProviderFaultKind.Unauthorized, (await world.FailingCallAsync(id)).Kind);

        Assert.Equal([200, 401, 401], await world.StatusesAsync(3));
        Assert.Equal(ConnectionStatus.NeedsAuthorization, (await world.RowAsync(id)).Status);
        Assert.Equal(["connection.created", "connection.needs_authorization"], await world.EventsAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_new_token_is_on_disk_before_anybody_uses_it(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        world.Provider.ExpireAccessTokens();
        List<bool> used = [];
        world.Lab.OnCall = async carried => used.Add((await world.CredentialAsync(id)).AccessToken == carried.AccessToken);

        await world.CallAsync(id);

        Assert.Equal([true, true], used);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Settings_that_change_meanwhile_cost_neither_the_token_nor_the_flights_place(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        var before = await world.CredentialAsync(id);
        await world.ExpireAsync(id);
        DateTimeOffset? lease = null;
        world.Lab.AfterRefresh = async () =>
        {
            await world.Get<ConnectionService>().UpdateAsync(world.Actor, id, new ConnectionChanges { Name = "Renamed" }, CancellationToken.None);
            // Another node that looks now must still see that somebody is at it: the old token works no second time.
            lease = (await world.RowAsync(id)).LeaseUntil;
        };

        await world.CallAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal("Renamed", row.Name);
        Assert.True(lease > world.Now);
        Assert.Null(row.LeaseUntil);
        Assert.NotEqual(before.RefreshToken, (await world.CredentialAsync(id)).RefreshToken);
        await world.ExpireAsync(id);
        world.Lab.AfterRefresh = () => Task.CompletedTask;
        await world.CallAsync(id);
        world.Sandbox.AssertNoViolations();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_flight_whose_node_died_is_waited_for_until_its_lease_runs_out(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        await world.ExpireAsync(id);
        await world.ChangeAsync(id, row => (row.LeaseOwner, row.LeaseUntil) = ("a node that is gone", world.Now.AddSeconds(30)));

        var call = world.CallAsync(id);
        await world.Clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(30));
        world.Clock.Advance(TimeSpan.FromSeconds(29));
        await world.Clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(30));
        Assert.False(call.IsCompleted);
        Assert.Equal(0, world.Provider.Refreshes);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        // It may have looked while the clock still moved; then it looks once more.
        await Task.WhenAny(call, world.Clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(30)));
        world.Clock.Advance(TimeSpan.FromMilliseconds(150));
        await call.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, world.Provider.Refreshes);
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Fact]
    public async Task An_answer_without_a_refresh_token_keeps_the_old_one()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync("google-drive");
        var before = await world.CredentialAsync(id);

        await world.Get<ConnectionService>().RefreshAsync(world.Actor, id, CancellationToken.None);

        var after = await world.CredentialAsync(id);
        Assert.NotEqual(before.AccessToken, after.AccessToken);
        Assert.Equal(before.RefreshToken, after.RefreshToken);
        Assert.NotNull(after.RefreshToken);
        Assert.Equal("connection.refreshed", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task Disconnecting_meanwhile_stands_and_the_kept_credential_is_the_new_one()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var before = await world.CredentialAsync(id);
        await world.ExpireAsync(id);
        world.Lab.AfterRefresh = () => world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);

        await world.CallAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Disconnected, null), (row.Status, row.CheckAt));
        Assert.NotEqual(before.RefreshToken, (await world.CredentialAsync(id)).RefreshToken);
        Assert.Equal(["connection.created", "connection.disconnected"], await world.EventsAsync());
    }

    [Fact]
    public async Task Disconnecting_meanwhile_lets_nothing_come_back()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        await world.ExpireAsync(id);
        world.Lab.AfterRefresh = () => world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: false, CancellationToken.None);

        Assert.Equal(ProviderFaultKind.GrantEnded, (await world.FailingCallAsync(id)).Kind);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Disconnected, null), (row.Status, row.Credential));
        Assert.Equal(["connection.created", "connection.disconnected"], await world.EventsAsync());
    }

    [Fact]
    public async Task A_flight_that_nobody_waited_for_does_not_answer_later_callers()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var refresher = world.Get<TokenRefresher>();
        TaskCompletionSource reached = new(), goOn = new();
        world.Lab.BeforeRefresh = () =>
        {
            reached.TrySetResult();
            return goOn.Task;
        };
        using CancellationTokenSource left = new();
        var abandoned = refresher.RefreshAsync(await world.RowAsync(id), left.Token);
        await reached.Task;
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        world.Provider.FailTokenRequests("temporarily_unavailable");
        goOn.SetResult();
        await ConnectionWorld.UntilAsync(() => refresher.FlightCount == 0);

        // The abandoned flight failed; one that begins now must hear what the provider says now.
        var renewed = await refresher.RefreshAsync(await world.RowAsync(id), CancellationToken.None);

        Assert.Equal(ConnectionStatus.Connected, renewed.Status);
        Assert.Equal(1, world.Provider.Refreshes);
    }
}
