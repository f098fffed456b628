using System.Linq.Expressions;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.StoredKeys;

/// <summary>A stored key as pages and the API show it: never its value.</summary>
public sealed record StoredKeyRow(Guid Id, string Name, string? Provider, string Masked, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? LastUsedAt);

/// <summary>A stored key to choose from when a provider is connected.</summary>
public sealed record StoredKeyChoice(Guid Id, string Name, string Masked);

public sealed class StoredKeyQueries(HubDbContextFactory contexts)
{
    private static readonly Expression<Func<StoredKey, StoredKeyRow>> _row = key => new StoredKeyRow(
        key.Id, key.Name, key.Provider, key.Masked, key.CreatedAt, key.UpdatedAt, key.LastUsedAt);

    public async Task<Page<StoredKeyRow>> ListAsync(Actor actor, PageRequest page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.StoredKeysRead);
        await using var db = contexts.Create(actor);
        return await db.StoredKeys.ToPageAsync(page, _row, row => row.Id, cancellationToken);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<StoredKeyRow> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.StoredKeysRead);
        await using var db = contexts.Create(actor);
        return await db.StoredKeys.Where(key => key.Id == id).Select(_row).FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("The stored key");
    }

    /// <summary>The keys with which a provider can be connected: its own first, then those that are nobody's in particular; each group by name.</summary>
    public async Task<IReadOnlyList<StoredKeyChoice>> ListForAsync(Actor actor, string provider, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.StoredKeysRead);
        await using var db = contexts.Create(actor);
        var keys = await db.StoredKeys.Where(key => key.Provider == provider || key.Provider == null)
            .Select(key => new { key.Provider, Choice = new StoredKeyChoice(key.Id, key.Name, key.Masked) })
            .ToListAsync(cancellationToken);
        // There are few, and the two databases sort text differently.
        return [.. keys.OrderBy(key => key.Provider is null).ThenBy(key => key.Choice.Name, StringComparer.OrdinalIgnoreCase).Select(key => key.Choice)];
    }
}
