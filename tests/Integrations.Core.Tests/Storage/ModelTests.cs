using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Storage;

public sealed class ModelTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_migrations_make_exactly_the_model(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        await using var db = hub.Open();

        Assert.False(db.Database.HasPendingModelChanges(), "The model has changed: add a migration to both sets (see IntegrationsDbContext).");
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    [Fact]
    public async Task Every_row_of_an_organization_is_filtered_by_it()
    {
        await using var hub = await TestHub.CreateAsync();
        await using var db = hub.Open();

        Assert.All(
            db.Model.GetEntityTypes().Where(type => type.FindProperty(nameof(ITenantOwned.OrganizationId)) is not null),
            type =>
            {
                Assert.True(typeof(ITenantOwned).IsAssignableFrom(type.ClrType), $"{type.ClrType.Name} has an organization but is not ITenantOwned.");
                Assert.Contains(type.GetDeclaredQueryFilters(), filter => filter.Key == IntegrationsDbContext.TenantFilter);
            });
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_actor_sees_the_rows_of_their_organization_only(DatabaseProvider provider)
    {
        await using var hub = await TestHub.CreateAsync(provider);
        var other = Guid.CreateVersion7();
        await hub.AddOrganizationAsync(other);
        foreach (var organization in new[] { hub.OrganizationId, other })
        {
            await using var writing = hub.Open(Actor.System("test", organization));
            writing.EventTypeDefinitions.Add(new Core.Events.EventTypeDefinition
            {
                Id = Guid.CreateVersion7(),
                OrganizationId = organization,
                Name = "order.shipped",
                Description = "",
                CreatedAt = DateTimeOffset.UnixEpoch,
            });
            await writing.SaveChangesAsync();
        }

        await using var one = hub.Open();
        await using var all = hub.Open(Actor.System("test"));
        Assert.Equal(hub.OrganizationId, (await one.EventTypeDefinitions.SingleAsync()).OrganizationId);
        Assert.Equal(2, await all.EventTypeDefinitions.CountAsync());
    }

    [Fact]
    public async Task SQLite_runs_in_WAL_and_syncs_every_commit()
    {
        await using var hub = await TestHub.CreateAsync();
        using var connection = hub.Get<Database>().OpenSqlite();

        Assert.Equal("wal", Scalar("PRAGMA journal_mode"));
        Assert.Equal("2", Scalar("PRAGMA synchronous"));
        Assert.Equal("2", Scalar("PRAGMA auto_vacuum"));
        Assert.Equal("1", Scalar("PRAGMA foreign_keys"));

        string? Scalar(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar()?.ToString();
        }
    }
}
