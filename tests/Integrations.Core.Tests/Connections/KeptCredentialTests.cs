using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Connections;

/// <summary>Credentials that a disconnection keeps, so that connecting again takes nothing.</summary>
public sealed class KeptCredentialTests
{
    [Fact]
    public async Task A_credential_that_is_kept_is_neither_revoked_nor_used_and_can_be_deleted_later()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var connections = world.Get<ConnectionService>();
        await connections.DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);
        Assert.Equal((1, true), (world.Provider.LiveGrants, (await world.RowAsync(id)).Credential is not null));
        world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await world.UpkeepAsync());
        Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => world.CallAsync(id))).Kind);

        await connections.DisconnectAsync(world.Actor, id, keepCredential: false, CancellationToken.None);

        Assert.Equal((0, null), (world.Provider.LiveGrants, (await world.RowAsync(id)).Credential));
        Assert.Equal(["connection.created", "connection.disconnected"], await world.EventsAsync());
    }

    [Fact]
    public async Task A_kept_key_connects_again_without_being_entered()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectStripeAsync();
        await world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);

        Assert.Equal(id, await world.Get<ConnectService>().ConnectAsync(world.Actor, new ConnectInput { Provider = "stripe" }, CancellationToken.None));

        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Fact]
    public async Task A_kept_grant_connects_again_after_its_access_token_has_expired()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var before = await world.RowAsync(id);
        await world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromDays(2));
        world.Provider.ExpireAccessTokens();

        Assert.Equal(id, await world.Get<ConnectService>().ConnectAsync(world.Actor, new ConnectInput { Provider = LabConnector.Key }, CancellationToken.None));

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Connected, true), (row.Status, row.ExpiresAt > world.Now));
        Assert.Equal(before.Permissions, row.Permissions);
        Assert.Equal(before.Scopes, row.Scopes);
        await world.CallAsync(id);
    }

    [Fact]
    public async Task A_kept_grant_that_was_taken_back_says_so()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        await world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromDays(2));
        world.Provider.RevokeGrants();

        var refusal = await Assert.ThrowsAsync<Refusal>(() => world.Get<ConnectService>().ConnectAsync(world.Actor, new ConnectInput { Provider = LabConnector.Key }, CancellationToken.None));

        Assert.Equal((RefusalKind.Unprocessable, "credentials"), (refusal.Kind, refusal.Faults[0].Field));
        Assert.Equal(ConnectionStatus.Disconnected, (await world.RowAsync(id)).Status);
    }
}
