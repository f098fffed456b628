using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Integrations.Core.ApiKeys;

/// <summary>A new key's text, which is shown this once, and its id.</summary>
public sealed record CreatedApiKey(Guid Id, string Key);

/// <summary>Issues and revokes API keys.</summary>
public sealed class ApiKeyService(HubDbContextFactory contexts, ApiKeyVerifier verifier, IGroupWriter writer, AuditLog audit, IOptions<ApiKeyOptions> options, TimeProvider time)
{
    /// <param name="scopes">At least one; aliases are taken.</param>
    /// <param name="expiresAt">When the key ends; null for the default of <see cref="ApiKeyOptions.DefaultExpiryDays"/>.</param>
    /// <exception cref="Refusal">Malformed; a scope that the actor does not have; or as many keys as may be.</exception>
    public async Task<CreatedApiKey> CreateAsync(Actor actor, string? name, IReadOnlyList<string>? scopes, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ApiKeysWrite);
        var resolved = Check(name, scopes, expiresAt);
        DemandScopes(actor, resolved);
        await using var db = contexts.Create(actor);
        var now = time.GetUtcNow();
        if (await db.ApiKeys.CountAsync(key => key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now), cancellationToken) >= options.Value.MaxKeys)
        {
            throw Refusal.Unprocessable(null, $"An organization may have at most {options.Value.MaxKeys} API keys. Revoke one that is no longer used.");
        }

        var text = ApiKeyText.New();
        var created = Add(db, actor, organization, name!.Trim(), text, resolved, expiresAt ?? now.AddDays(options.Value.DefaultExpiryDays));
        await db.SaveChangesAsync(cancellationToken);
        return new CreatedApiKey(created.Id, text);
    }

    /// <summary>Adds a key to a context that is saved elsewhere: the first one of an organization is made with it.</summary>
    internal ApiKey Add(IntegrationsDbContext db, Actor actor, Guid organization, string name, string text, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt)
    {
        var now = time.GetUtcNow();
        var key = new ApiKey
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organization,
            Name = name,
            Hash = ApiKeyText.Hash(text),
            Prefix = text[..8],
            LastFour = text[^4..],
            Scopes = [.. scopes],
            ExpiresAt = expiresAt,
            CreatedBy = actor.Name,
            CreatedAt = now,
        };
        db.ApiKeys.Add(key);
        audit.Add(db, actor, organization, "api_key.created", PublicId.Format(PublicId.ApiKey, key.Id), name, null, new { key.Name, key.Scopes, key.ExpiresAt });
        return key;
    }

    /// <summary>Ends a key. In this process the next call with it is refused; on other nodes within a second.</summary>
    /// <exception cref="Refusal">Not there, or revoked before.</exception>
    public async Task RevokeAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ApiKeysWrite);
        await using var db = contexts.Create(actor);
        var key = await db.ApiKeys.FirstOrDefaultAsync(row => row.Id == id && row.RevokedAt == null, cancellationToken) ?? throw Refusal.NotFound("The API key");
        key.RevokedAt = time.GetUtcNow();
        audit.Add(db, actor, organization, "api_key.revoked", PublicId.Format(PublicId.ApiKey, id), key.Name, new { key.Name, key.Scopes }, null);
        await db.SaveChangesAsync(cancellationToken);
        verifier.Forget();
        await writer.SignalAsync(new HubSignal(HubSignalKind.ApiKeysChanged, organization), cancellationToken);
    }

    private List<string> Check(string? name, IReadOnlyList<string>? scopes, DateTimeOffset? expiresAt)
    {
        Faults faults = new();
        faults.AddIf(string.IsNullOrWhiteSpace(name), "name", "name is required: say what uses the key.");
        faults.AddIf(name?.Length > ApiKey.MaxNameLength, "name", $"name may have at most {ApiKey.MaxNameLength} characters.");
        faults.AddIf(scopes is null or { Count: 0 }, "scopes", "scopes must name at least one scope.");
        faults.AddIf(expiresAt <= time.GetUtcNow(), "expiresAt", "expiresAt must lie in the future.");
        List<string> resolved = [];
        for (var i = 0; i < scopes?.Count; i++)
        {
            if (Scopes.Resolve(scopes[i] ?? "") is { } scope)
            {
                resolved.Add(scope);
            }
            else
            {
                faults.Add($"scopes[{i}]", $"{scopes[i]} is not a scope. The scopes are {string.Join(", ", Scopes.All.Select(known => known.Name))}.");
            }
        }

        faults.ThrowIfAny();
        return [.. resolved.Distinct(StringComparer.Ordinal)];
    }

    // A key must not make a key that may do more than itself.
    private static void DemandScopes(Actor actor, List<string> scopes)
    {
        if (actor.Kind is ActorKind.ApiKey or ActorKind.AccessToken && !actor.Scopes.Contains(Scopes.Everything)
            && scopes.Find(scope => !actor.Scopes.Contains(scope)) is { } missing)
        {
            throw Refusal.Forbidden($"This credential does not have the scope {missing}, so it cannot give it to a key.", missing);
        }
    }
}
