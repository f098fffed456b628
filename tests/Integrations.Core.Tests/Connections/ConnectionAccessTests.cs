using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Connections;

/// <summary>Who may do what with connections, whose they are, and how often.</summary>
public sealed class ConnectionAccessTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Another_organizations_connection_is_not_there(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        var other = Actor.System("test", Guid.CreateVersion7());
        await world.Hub.AddOrganizationAsync(other.OrganizationId!.Value);
        var connections = world.Get<ConnectionService>();
        var queries = world.Get<ConnectionQueries>();
        Func<Task>[] uses =
        [
            () => queries.GetAsync(other, id, CancellationToken.None),
            () => queries.CallsAsync(other, id, CancellationToken.None),
            () => world.Get<ProviderGateway>().OpenAsync(other, id, null, CancellationToken.None),
            () => connections.UpdateAsync(other, id, new ConnectionChanges { Name = "Mine" }, CancellationToken.None),
            () => connections.DisconnectAsync(other, id, keepCredential: false, CancellationToken.None),
            () => connections.TestAsync(other, id, CancellationToken.None),
            () => connections.RefreshAsync(other, id, CancellationToken.None),
            () => connections.ListChoicesAsync(other, id, "colour", CancellationToken.None),
            () => connections.RunActionAsync(other, id, "greet", new ActionInput(new Dictionary<string, string>(), null), CancellationToken.None),
        ];

        foreach (var use in uses)
        {
            Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(use)).Kind);
        }

        Assert.Empty(await queries.ListAsync(other, null, null, CancellationToken.None));
        Assert.All(await queries.CatalogueAsync(other, new CatalogueFilter(), CancellationToken.None), row => Assert.Null(row.Connection));
        Assert.Equal(1, world.Provider.LiveGrants);
        // Its own is another row, and the first organization's stays as it was.
        var own = await world.ConnectAsync(actor: other);
        Assert.NotEqual(id, own);
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_OAuth_client_is_its_organizations_own(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database, settings: [("Providers:lab:ClientId", ""), ("Providers:lab:ClientSecret", "")]);
        var other = Guid.CreateVersion7();
        await world.Hub.AddOrganizationAsync(other);
        var clients = world.Get<OAuthClients>();
        await clients.SetAsync(Member(world, Role.Owner), "lab", "our-client", "our-secret", CancellationToken.None);
        var theirs = Actor.System("test", other);

        Assert.Equal(new OAuthClient("our-client", "our-secret"), await clients.FindAsync(world.Hub.OrganizationId, world.Lab, CancellationToken.None));
        Assert.Null(await clients.FindAsync(other, world.Lab, CancellationToken.None));
        Assert.Equal((ClientOrigin.None, null), Of(await clients.ListAsync(theirs, CancellationToken.None)));
        Assert.Equal((ClientOrigin.Organization, "our-client"), Of(await clients.ListAsync(world.Actor, CancellationToken.None)));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => clients.RemoveAsync(theirs, "lab", CancellationToken.None))).Kind);

        static (ClientOrigin, string?) Of(IReadOnlyList<OAuthClientRow> rows) => rows.Single(row => row.Provider == "lab") is var row ? (row.Origin, row.ClientId) : default;
    }

    [Fact]
    public async Task Viewers_read_and_change_nothing()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var viewer = Member(world, Role.Viewer);
        var queries = world.Get<ConnectionQueries>();
        Assert.Single(await queries.ListAsync(viewer, null, null, CancellationToken.None));
        Assert.Equal(id, (await queries.GetAsync(viewer, id, CancellationToken.None)).Id);
        Assert.NotEmpty(await queries.CatalogueAsync(viewer, new CatalogueFilter(), CancellationToken.None));
        Assert.Empty((await queries.CallsAsync(viewer, id, CancellationToken.None)).Hours);
        Assert.NotEmpty(await world.Get<OAuthClients>().ListAsync(viewer, CancellationToken.None));

        foreach (var write in Writes(world, viewer, id))
        {
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(write)).Kind);
        }

        Assert.Equal(("The Lab", ConnectionStatus.Connected), ((await world.RowAsync(id)).Name, (await world.RowAsync(id)).Status));
    }

    [Fact]
    public async Task Admins_write_and_only_the_Owner_enters_OAuth_clients()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var admin = Member(world, Role.Admin);
        foreach (var write in Writes(world, admin, id))
        {
            await write();
        }

        Assert.Equal(ConnectionStatus.Disconnected, (await world.RowAsync(id)).Status);
        var clients = world.Get<OAuthClients>();
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => clients.SetAsync(admin, "lab", "id", "secret", CancellationToken.None))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => clients.RemoveAsync(admin, "lab", CancellationToken.None))).Kind);
        var owner = Member(world, Role.Owner);
        await clients.SetAsync(owner, "lab", "id", "secret", CancellationToken.None);
        await clients.RemoveAsync(owner, "lab", CancellationToken.None);
        Assert.Equal(["provider.client_set", "provider.client_removed"], (await world.AuditAsync())[^2..]);
    }

    [Theory]
    [InlineData(Scopes.ConnectionsRead, false)]
    [InlineData(Scopes.ConnectionsWrite, true)]
    public async Task Keys_need_the_scope(string scope, bool mayWrite)
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        var key = Actor.ApiKey(world.Hub.OrganizationId, Guid.CreateVersion7(), "key", [scope]);

        if (mayWrite)
        {
            await world.Get<ConnectionService>().UpdateAsync(key, id, new ConnectionChanges { Name = "By a key" }, CancellationToken.None);
            Assert.Equal("By a key", (await world.RowAsync(id)).Name);
        }
        else
        {
            foreach (var write in Writes(world, key, id))
            {
                Assert.Equal(Scopes.ConnectionsWrite, (await Assert.ThrowsAsync<Refusal>(write)).MissingScope);
            }
        }

        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => world.Get<OAuthClients>().SetAsync(key, "lab", "id", "secret", CancellationToken.None))).Kind);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Five_credentials_may_be_tried_in_a_minute(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var wrong = "sk_test_" + new string('w', 40);
        for (var turn = 0; turn < 5; turn++)
        {
            Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => world.ConnectStripeAsync(key: wrong))).Kind);
            world.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var refusal = await Assert.ThrowsAsync<Refusal>(() => world.ConnectStripeAsync());
        Assert.Equal((RefusalKind.TooMany, TimeSpan.FromSeconds(10)), (refusal.Kind, refusal.RetryAfter));
        var other = Guid.CreateVersion7();
        await world.Hub.AddOrganizationAsync(other);
        await world.ConnectStripeAsync(Actor.System("test", other));

        world.Clock.Advance(TimeSpan.FromSeconds(11));
        await world.ConnectStripeAsync();
        Assert.Equal(RefusalKind.TooMany, (await Assert.ThrowsAsync<Refusal>(() => world.ConnectStripeAsync())).Kind);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Twenty_consents_may_begin_in_a_minute_however_many_begin_at_once(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        await LinkAsync(world);
        var begun = await Task.WhenAll(Enumerable.Range(0, 25).Select(async _ =>
        {
            try
            {
                await LinkAsync(world);
                return true;
            }
            catch (Refusal refusal) when (refusal.Kind == RefusalKind.TooMany)
            {
                return false;
            }
        }));

        Assert.Equal(19, begun.Count(isBegun => isBegun));
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        await LinkAsync(world);
    }

    private static Task LinkAsync(ConnectionWorld world) =>
        world.Get<ConsentLinks>().CreateAsync(world.Actor, new ConsentInput { Provider = "lab" }, memberOnly: false, creates: false, CancellationToken.None);

    private static Func<Task>[] Writes(ConnectionWorld world, Actor actor, Guid id)
    {
        var connections = world.Get<ConnectionService>();
        return
        [
            () => world.Get<ConsentLinks>().CreateAsync(actor, new ConsentInput { Provider = "lab" }, memberOnly: true, creates: true, CancellationToken.None),
            () => world.ConnectStripeAsync(actor),
            () => connections.UpdateAsync(actor, id, new ConnectionChanges { Name = "Changed" }, CancellationToken.None),
            () => connections.TestAsync(actor, id, CancellationToken.None),
            () => connections.RefreshAsync(actor, id, CancellationToken.None),
            () => connections.RunActionAsync(actor, id, "greet", new ActionInput(new Dictionary<string, string>(), null), CancellationToken.None),
            () => connections.DisconnectAsync(actor, id, keepCredential: false, CancellationToken.None),
        ];
    }

    private static Actor Member(ConnectionWorld world, Role role) => Actor.Member(world.Hub.OrganizationId, Guid.CreateVersion7(), $"{role}@example.com", role);
}
