using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Connections;

/// <summary>What the hub does by itself, and how connections end.</summary>
public sealed class UpkeepTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_key_is_tried_once_a_day(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectStripeAsync();
        var stripe = world.Sandbox.Provider("stripe");
        Assert.InRange((await world.RowAsync(id)).CheckAt!.Value - world.Now, TimeSpan.FromHours(24), TimeSpan.FromHours(26.4));

        await world.UpkeepWhenDueAsync(id);
        Assert.Equal(world.Now, (await world.RowAsync(id)).LastOkAt);
        stripe.RevokeGrants();
        await world.UpkeepWhenDueAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.NeedsAuthorization, null), (row.Status, row.CheckAt));
        Assert.Equal(["connection.created", "connection.needs_authorization"], await world.EventsAsync());
        stripe.Reset();
        Assert.True((await world.Get<ConnectionService>().TestAsync(world.Actor, id, CancellationToken.None)).Ok);
        Assert.Equal("connection.recovered", (await world.EventsAsync())[^1]);
        Assert.Equal("connection.recovered", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task A_token_that_lives_for_an_hour_is_tried_once_a_day_too()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var tests = 0;
        world.Lab.FailTest = () =>
        {
            tests++;
            return null;
        };
        for (var end = world.Now.AddDays(3); world.Now < end;)
        {
            await world.UpkeepWhenDueAsync(id);
        }

        Assert.Equal(3, tests);
        Assert.InRange(world.Provider.Refreshes, 80, 100);
        world.Sandbox.AssertNoViolations();
    }

    [Fact]
    public async Task A_probe_that_fails_after_its_token_was_renewed_is_told_too()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        await world.ExpireAsync(id);
        world.Lab.FailTest = () => new ProviderFault(ProviderFaultKind.Unavailable, "The Lab is closed.");

        var result = await world.Get<ConnectionService>().TestAsync(world.Actor, id, CancellationToken.None);

        var row = await world.RowAsync(id);
        Assert.Equal((false, ConnectionStatus.Degraded, "The Lab is closed."), (result.Ok, row.Status, row.StatusReason));
        Assert.Equal(1, world.Provider.Refreshes);
    }

    [Fact]
    public async Task What_was_renewed_or_reconnected_while_a_probe_was_refused_stays_connected()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Lab.FailTest = () =>
        {
            world.Lab.FailTest = () => null;
            world.ChangeAsync(id, row => row.Name = "Changed by another node").GetAwaiter().GetResult();
            return new ProviderFault(ProviderFaultKind.Unauthorized, "The old one is refused.");
        };

        Assert.False((await world.Get<ConnectionService>().TestAsync(world.Actor, id, CancellationToken.None)).Ok);

        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_never_consented_to_goes_after_a_day(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        await world.Get<ConsentLinks>().CreateAsync(world.Actor, new ConsentInput { Provider = "lab" }, memberOnly: false, creates: true, CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromHours(23.9));
        await world.UpkeepAsync();
        Assert.Equal((1, 1), await CountAsync(world));

        world.Clock.Advance(TimeSpan.FromMinutes(7));
        await world.UpkeepAsync();

        Assert.Equal((0, 0), await CountAsync(world));
        Assert.Empty(await world.EventsAsync());
    }

    [Fact]
    public async Task A_new_link_keeps_a_pending_connection_for_another_day()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var first = await LinkAsync(world);
        world.Clock.Advance(TimeSpan.FromHours(23.9));
        var second = await LinkAsync(world);
        world.Clock.Advance(TimeSpan.FromMinutes(20));
        await world.UpkeepAsync();

        var result = await world.FollowAsync(second);

        Assert.Equal((first.ConnectionId, first.ConnectionId), (second.ConnectionId, result.ConnectionId));
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(first.ConnectionId)).Status);

        static Task<ConsentLink> LinkAsync(ConnectionWorld world) =>
            world.Get<ConsentLinks>().CreateAsync(world.Actor, new ConsentInput { Provider = "lab" }, memberOnly: false, creates: false, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Disconnecting_revokes_deletes_and_is_told(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        var connections = world.Get<ConnectionService>();
        Assert.Equal(1, world.Provider.LiveGrants);

        await connections.DisconnectAsync(world.Actor, id, keepCredential: false, CancellationToken.None);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Disconnected, null, null, null, world.Now), (row.Status, row.Credential, row.ExpiresAt, row.CheckAt, row.DisconnectedAt));
        Assert.Equal(0, world.Provider.LiveGrants);
        Assert.Equal(["connection.created", "connection.disconnected"], await world.EventsAsync());
        Assert.Equal("connection.disconnected", (await world.AuditAsync())[^1]);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => connections.DisconnectAsync(world.Actor, id, keepCredential: false, CancellationToken.None))).Kind);
        Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => world.CallAsync(id))).Kind);

        Assert.Equal(id, await world.ConnectAsync());
        Assert.Equal("connection.created", (await world.EventsAsync())[^1]);
        Assert.Null((await world.RowAsync(id)).DisconnectedAt);
    }

    [Fact]
    public async Task A_provider_that_does_not_revoke_stops_nobody_from_disconnecting()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Provider.Fail("/v2/oauth2/tokens/revoke", "status:500");

        await world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: false, CancellationToken.None);

        Assert.Equal((ConnectionStatus.Disconnected, null), ((await world.RowAsync(id)).Status, (await world.RowAsync(id)).Credential));
    }

    [Fact]
    public async Task A_token_that_was_renewed_while_it_was_revoked_is_revoked_as_well()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var row = await world.RowAsync(id);
        // Two grants, as at a provider where each renewal counts for itself.
        Assert.Equal(id, await world.ConnectAsync());
        var newer = (await world.RowAsync(id)).Credential;
        await world.ChangeAsync(id, changed => changed.Credential = row.Credential);
        world.Lab.OnRevoke = () =>
        {
            world.Lab.OnRevoke = () => Task.CompletedTask;
            return world.ChangeAsync(id, changed => changed.Credential = newer);
        };
        Assert.Equal(2, world.Provider.LiveGrants);

        await world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: false, CancellationToken.None);

        Assert.Equal(0, world.Provider.LiveGrants);
        Assert.Null((await world.RowAsync(id)).Credential);
    }

    [Fact]
    public async Task More_that_is_due_than_one_lot_holds_is_looked_at_in_one_go()
    {
        await using var world = await ConnectionWorld.StartAsync();
        await using (var db = world.Hub.Open())
        {
            db.Connections.AddRange(Enumerable.Range(0, 450).Select(number => new Connection
            {
                Id = TimeOrderedId.New(world.Now),
                OrganizationId = world.Hub.OrganizationId,
                Provider = $"unknown-{number}",
                Name = "Gone",
                Status = ConnectionStatus.Connected,
                StatusSince = world.Now,
                AuthMode = AuthMode.ApiKey,
                CheckAt = world.Now,
                CreatedAt = world.Now,
                UpdatedAt = world.Now,
                Credential = world.Get<CredentialVault>().SealCredential(world.Hub.OrganizationId, Guid.Empty, new(new Dictionary<string, string>())),
            }));
            await db.SaveChangesAsync();
        }

        Assert.Equal(450, await world.UpkeepAsync());
        Assert.Equal(0, await world.UpkeepAsync());
    }

    private static async Task<(int Connections, int Consents)> CountAsync(ConnectionWorld world)
    {
        await using var db = world.Hub.Open();
        return (await db.Connections.CountAsync(), await db.Consents.CountAsync());
    }
}
