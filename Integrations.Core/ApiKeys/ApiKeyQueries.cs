using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.ApiKeys;

/// <summary>A key as pages and the API show it: never its text.</summary>
public sealed record ApiKeyRow(
    Guid Id,
    string Name,
    string Prefix,
    string LastFour,
    IReadOnlyList<string> Scopes,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt,
    string CreatedBy,
    DateTimeOffset CreatedAt)
{
    /// <summary>How a key is shown once it was created: <c>sk_Ab3dE…4f2a</c>.</summary>
    public string Masked => $"{Prefix}…{LastFour}";
}

public sealed class ApiKeyQueries(HubDbContextFactory contexts)
{
    public async Task<Page<ApiKeyRow>> ListAsync(Actor actor, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ApiKeysRead);
        await using var db = contexts.Create(actor);
        return await db.ApiKeys.ToPageAsync(
            page,
            key => new ApiKeyRow(key.Id, key.Name, key.Prefix, key.LastFour, key.Scopes, key.ExpiresAt, key.RevokedAt, key.LastUsedAt, key.CreatedBy, key.CreatedAt),
            row => row.Id,
            cancellationToken);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<ApiKeyRow> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ApiKeysRead);
        await using var db = contexts.Create(actor);
        return await db.ApiKeys.Where(key => key.Id == id)
            .Select(key => new ApiKeyRow(key.Id, key.Name, key.Prefix, key.LastFour, key.Scopes, key.ExpiresAt, key.RevokedAt, key.LastUsedAt, key.CreatedBy, key.CreatedAt))
            .FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("The API key");
    }
}
