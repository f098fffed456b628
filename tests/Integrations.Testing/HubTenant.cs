using Integrations.Core.ApiKeys;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Testing;

/// <summary>An organization of a hub under test, with its Owner and a key that may do everything.</summary>
public sealed class HubTenant
{
    private readonly HubApp _app;

    internal HubTenant(HubApp app, SetupResult made, string ownerEmail)
    {
        _app = app;
        OrganizationId = made.OrganizationId;
        UserId = made.UserId;
        OwnerEmail = ownerEmail;
        ApiKey = made.ApiKey;
        Client = app.CreateClient(ApiKey);
    }

    public Guid OrganizationId { get; }

    public Guid UserId { get; }

    public string OwnerEmail { get; }

    public string ApiKey { get; }

    /// <summary>Sends <see cref="ApiKey"/>. Made anew by a restart.</summary>
    public HttpClient Client { get; private set; }

    /// <summary>The Owner as an actor, for services.</summary>
    public Actor Owner => Actor.Member(OrganizationId, UserId, OwnerEmail, Role.Owner);

    /// <summary>A key with these scopes and no others.</summary>
    public async Task<string> CreateKeyAsync(params string[] scopes) =>
        (await _app.Services.GetRequiredService<ApiKeyService>().CreateAsync(Owner, "Test key", scopes, null, CancellationToken.None)).Key;

    /// <summary>A client whose key has these scopes and no others.</summary>
    public async Task<HttpClient> CreateClientAsync(params string[] scopes) => _app.CreateClient(await CreateKeyAsync(scopes));

    /// <summary>A sync run of a connection that has ended, as if it had been made.</summary>
    /// <returns>Its public id.</returns>
    public async Task<string> AddSyncRunAsync(string connection)
    {
        var id = PublicId.TryParse(PublicId.Connection, connection, out var parsed) ? parsed : throw new ArgumentException($"{connection} is no connection.", nameof(connection));
        await using var db = _app.Services.GetRequiredService<HubDbContextFactory>().Create(Owner);
        SyncRun run = new()
        {
            Id = TimeOrderedId.New(DateTimeOffset.UtcNow),
            OrganizationId = OrganizationId,
            ConnectionId = id,
            Provider = "stripe",
            Type = SyncType.Full,
            Status = SyncStatus.Completed,
            StartedBy = OwnerEmail,
            CreatedAt = DateTimeOffset.UtcNow,
            CompletedAt = DateTimeOffset.UtcNow,
        };
        db.SyncRuns.Add(run);
        await db.SaveChangesAsync();
        return PublicId.Format(PublicId.SyncRun, run.Id);
    }

    internal void Renew() => Client = _app.CreateClient(ApiKey);
}
