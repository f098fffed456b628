using System.Linq.Expressions;
using Integrations.Core.ApiKeys;
using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Organizations;
using Integrations.Core.Records;
using Integrations.Core.Requests;
using Integrations.Core.Security;
using Integrations.Core.Storage.KeyRing;
using Integrations.Core.StoredKeys;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Integrations.Core.Storage;

/// <summary>
/// The hub's one model. Contexts are made per operation by <see cref="HubDbContextFactory"/>, which needs an actor: every query on a tenant's rows is
/// filtered by the actor's organization.
/// </summary>
/// <remarks>
/// A change of the model needs a migration in both sets, from the folder Integrations.Core:
/// <c>EfDesign=true dotnet ef migrations add Name --context SqliteIntegrationsDbContext --output-dir Storage/Migrations/Sqlite</c>, and the same with Postgres.
/// </remarks>
public abstract class IntegrationsDbContext(DbContextOptions options, Actor actor) : IdentityUserContext<AppUser, Guid>(options)
{
    /// <summary>The name of the filter that every tenant-owned entity carries.</summary>
    public const string TenantFilter = "Tenant";

    private readonly Guid _organizationId = actor.OrganizationId ?? Guid.Empty;

    /// <summary>Whether the context belongs to a worker that serves every organization: its model has no tenant filter.</summary>
    internal bool SeesAllOrganizations { get; } = actor.OrganizationId is null && actor.Kind == ActorKind.System;

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<Member> Members => Set<Member>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<StoredKey> StoredKeys => Set<StoredKey>();

    public DbSet<Event> Events => Set<Event>();

    public DbSet<EventTypeDefinition> EventTypeDefinitions => Set<EventTypeDefinition>();

    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<WebhookAttempt> WebhookAttempts => Set<WebhookAttempt>();

    public DbSet<WebhookReplay> WebhookReplays => Set<WebhookReplay>();

    public DbSet<WebhookStatistic> WebhookStatistics => Set<WebhookStatistic>();

    public DbSet<Connection> Connections => Set<Connection>();

    public DbSet<Consent> Consents => Set<Consent>();

    public DbSet<ConnectionStart> ConnectionStarts => Set<ConnectionStart>();

    public DbSet<OrganizationClient> OrganizationClients => Set<OrganizationClient>();

    public DbSet<ProviderCallHour> ProviderCallHours => Set<ProviderCallHour>();

    public DbSet<Record> Records => Set<Record>();

    public DbSet<RecordLink> RecordLinks => Set<RecordLink>();

    public DbSet<RecordChange> RecordChanges => Set<RecordChange>();

    public DbSet<SyncRun> SyncRuns => Set<SyncRun>();

    public DbSet<SyncPart> SyncParts => Set<SyncPart>();

    public DbSet<SyncIssue> SyncIssues => Set<SyncIssue>();

    public DbSet<SyncState> SyncStates => Set<SyncState>();

    public DbSet<SyncIntent> SyncIntents => Set<SyncIntent>();

    public DbSet<MissingReference> MissingReferences => Set<MissingReference>();

    public DbSet<IdempotentAnswer> IdempotentAnswers => Set<IdempotentAnswer>();

    public DbSet<KeyRingElement> KeyRingElements => Set<KeyRingElement>();

    public DbSet<SystemSetting> SystemSettings => Set<SystemSetting>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<List<string>>().HaveConversion<JsonListConverter<string>, JsonListComparer<string>>();
        configurationBuilder.Properties<Dictionary<string, string>>().HaveConversion<JsonMapConverter, JsonMapComparer>();
        configurationBuilder.Properties<List<int>>().HaveConversion<JsonListConverter<int>, JsonListComparer<int>>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(IntegrationsDbContext).Assembly);
        // A model of its own for those who see everything: a filter that asks "all or this one" would keep both databases from their indexes.
        if (SeesAllOrganizations)
        {
            return;
        }

        foreach (var type in builder.Model.GetEntityTypes().Select(type => type.ClrType).Where(typeof(ITenantOwned).IsAssignableFrom))
        {
            builder.Entity(type).HasQueryFilter(TenantFilter, FilterFor(type));
        }
    }

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ReplaceService<IModelCacheKeyFactory, ModelKey>();

    // row => row.OrganizationId == this._organizationId; EF reads the field of the context that runs the query.
    private LambdaExpression FilterFor(Type type)
    {
        var row = Expression.Parameter(type, "row");
        var organization = Expression.Field(Expression.Constant(this, typeof(IntegrationsDbContext)), nameof(_organizationId));
        return Expression.Lambda(Expression.Equal(Expression.Property(row, nameof(ITenantOwned.OrganizationId)), organization), row);
    }

    private sealed class ModelKey : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), context is IntegrationsDbContext { SeesAllOrganizations: true }, designTime);
    }
}
