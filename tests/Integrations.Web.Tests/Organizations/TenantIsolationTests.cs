using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Web.Tests.Organizations;

/// <summary>Every row of a tenant is filtered, whatever entity comes next.</summary>
public sealed class TenantIsolationTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Every_entity_with_an_organization_carries_the_tenant_filter(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        await using var db = hub.OpenDatabase((await hub.CreateOrganizationAsync()).Owner);

        foreach (var type in db.Model.GetEntityTypes().Where(type => type.FindProperty("OrganizationId") is not null))
        {
            Assert.True(typeof(ITenantOwned).IsAssignableFrom(type.ClrType), $"{type.ClrType.Name} has an organization, so it must be ITenantOwned.");
            Assert.True(type.FindDeclaredQueryFilter(IntegrationsDbContext.TenantFilter) is not null, $"{type.ClrType.Name} has no tenant filter.");
        }

        Assert.Contains(db.Model.GetEntityTypes(), type => type.ClrType == typeof(AuditEntry));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_context_of_one_organization_sees_no_row_of_another(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        var full = await hub.CreateOrganizationAsync();
        await ApiThings.CreateAsync(full);
        await full.Client.CallAsync(HttpMethod.Post, "/api/events", new { @event = "custom.a", data = new { } }, ("Idempotency-Key", "k"));
        var stranger = Actor.Member(Guid.CreateVersion7(), Guid.NewGuid(), "stranger@example.com", Role.Owner);
        await using var own = hub.OpenDatabase(full.Owner);
        own.WebhookStatistics.Add(new WebhookStatistic
        {
            OrganizationId = full.OrganizationId,
            EndpointId = Guid.CreateVersion7(),
            Since = WebhookStatistic.SinceOf(DateTimeOffset.UtcNow),
            IsSuccess = true,
            LatencyStep = 1,
            Count = 1,
        });
        AddConnectionRows(own, full.OrganizationId);
        AddSyncRows(own, full.OrganizationId);
        await own.SaveChangesAsync();
        await using var other = hub.OpenDatabase(stranger);

        foreach (var type in own.Model.GetEntityTypes().Where(type => typeof(ITenantOwned).IsAssignableFrom(type.ClrType)))
        {
            Assert.True(Count(own, type.ClrType) > 0, $"The test makes no {type.ClrType.Name}; let ApiThings make one.");
            Assert.True(Count(other, type.ClrType) == 0, $"A stranger sees {type.ClrType.Name}.");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Lists_show_only_what_is_of_the_caller_s_organization(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        var full = await hub.CreateOrganizationAsync();
        var things = await ApiThings.CreateAsync(full);
        var other = await hub.CreateOrganizationAsync();

        foreach (var route in ApiRoute.All(hub).Where(route => route.Method == HttpMethod.Get && !route.HasParameters))
        {
            var reply = await other.Client.GetApiAsync(route.Template);

            Assert.Equal(200, reply.Status);
            foreach (var id in things.All.Append(PublicId.Format(PublicId.Organization, full.OrganizationId)))
            {
                Assert.DoesNotContain(id, reply.Text, StringComparison.Ordinal);
            }
        }
    }

    // What connections leave behind when they talk to a provider; here there is none.
    private static void AddConnectionRows(IntegrationsDbContext db, Guid organization)
    {
        var now = DateTimeOffset.UtcNow;
        db.OrganizationClients.Add(new OrganizationClient { Id = Guid.CreateVersion7(), OrganizationId = organization, Provider = "xero", ClientId = "id", Secret = [1], UpdatedAt = now });
        db.ProviderCallHours.Add(new ProviderCallHour { OrganizationId = organization, ConnectionId = Guid.CreateVersion7(), Since = now, Calls = 1, Errors = 0, Throttled = 0, Milliseconds = 1 });
        db.Consents.Add(new Consent
        {
            Id = Guid.CreateVersion7(),
            OrganizationId = organization,
            ConnectionId = Guid.CreateVersion7(),
            Provider = "xero",
            StartedBy = "test",
            TokenHash = Guid.NewGuid().ToByteArray(),
            LinkExpiresAt = now,
            Permissions = [],
            Scopes = [],
            CreatedAt = now,
        });
    }

    // What syncs leave behind.
    private static void AddSyncRows(IntegrationsDbContext db, Guid organization)
    {
        var (id, now) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow);
        db.RecordLinks.Add(new RecordLink { OrganizationId = organization, ConnectionId = id, DataType = "contacts", ExternalId = "1", Provider = "xero", RecordId = id, SyncedAt = now });
        db.SyncParts.Add(new SyncPart { OrganizationId = organization, RunId = id, DataType = "contacts", Direction = SyncDirections.In, Position = 0 });
        db.SyncStates.Add(new SyncState { OrganizationId = organization, ConnectionId = id, DataType = "contacts" });
        db.MissingReferences.Add(new MissingReference { OrganizationId = organization, ConnectionId = id, DataType = "contacts", ExternalId = "1", RecordId = id, Target = "contactId" });
        db.SyncIntents.Add(new SyncIntent { OrganizationId = organization, ConnectionId = id, DataType = "contacts", RecordId = id, At = now });
        db.SyncIssues.Add(new SyncIssue
        {
            Id = id,
            OrganizationId = organization,
            RunId = id,
            Kind = SyncIssueKind.Error,
            DataType = "contacts",
            Direction = SyncDirections.In,
            Name = "Walk",
            Message = "Refused.",
            At = now,
        });
    }

    private static int Count(DbContext db, Type type) =>
        ((IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), [])!.MakeGenericMethod(type).Invoke(db, null)!).Count();
}
