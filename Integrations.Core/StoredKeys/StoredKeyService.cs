using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Integrations.Core.StoredKeys;

/// <summary>Keeps, changes and deletes stored keys.</summary>
public sealed class StoredKeyService(
    HubDbContextFactory contexts, SecretProtector protector, AuditLog audit, IGroupWriter writer, Turns turns, IOptions<StoredKeyOptions> options, TimeProvider time)
{
    internal const string Column = "StoredKey.Value";
    private const string What = "The stored key";

    /// <returns>The key's id.</returns>
    /// <exception cref="Refusal">Malformed; the name is taken; or the organization has as many as it may.</exception>
    public async Task<Guid> CreateAsync(Actor actor, StoredKeyInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.StoredKeysWrite);
        Check(input, isNew: true);
        await using var db = contexts.Create(actor);
        await using var turn = await TurnAsync(db, organization, cancellationToken);
        if (await db.StoredKeys.CountAsync(cancellationToken) >= options.Value.MaxKeys)
        {
            throw Refusal.Unprocessable(null, $"An organization may have at most {options.Value.MaxKeys} stored keys. Delete one that is no longer used.");
        }

        var now = time.GetUtcNow();
        var id = TimeOrderedId.New(now);
        var (name, value) = (input.Name!.Trim(), input.Value!.Trim());
        await DemandNameAsync(db, id, name, cancellationToken);
        StoredKey key = new()
        {
            Id = id,
            OrganizationId = organization,
            Name = name,
            Provider = Provider(input),
            Value = protector.Protect(organization, id, Column, value),
            Masked = StoredKeyMask.Of(value),
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.StoredKeys.Add(key);
        audit.Add(db, actor, organization, "stored_key.created", PublicId.Format(PublicId.StoredKey, id), name, null, Snapshot(key));
        await SaveAsync(db, turn, organization, cancellationToken);
        return id;
    }

    /// <summary>Changes what is given. Connections that were made with the key keep what they have.</summary>
    /// <exception cref="Refusal">Not there; malformed; or the name is taken.</exception>
    public async Task UpdateAsync(Actor actor, Guid id, StoredKeyInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.StoredKeysWrite);
        await using var db = contexts.Create(actor);
        await using var turn = await TurnAsync(db, organization, cancellationToken);
        var key = await FindAsync(db, id, cancellationToken);
        Check(input, isNew: false);
        var before = Snapshot(key);
        if (input.Name?.Trim() is { } name && name != key.Name)
        {
            await DemandNameAsync(db, id, name, cancellationToken);
            key.Name = name;
        }

        key.Provider = input.Provider is null ? key.Provider : Provider(input);
        if (input.Value?.Trim() is { } value)
        {
            key.Value = protector.Protect(organization, id, Column, value);
            key.Masked = StoredKeyMask.Of(value);
        }

        if (!db.ChangeTracker.HasChanges())
        {
            return;
        }

        key.UpdatedAt = time.GetUtcNow();
        // Two values can look the same when they are masked.
        object after = input.Value is null ? Snapshot(key) : new { key.Name, key.Provider, key.Masked, IsValueReplaced = true };
        audit.Add(db, actor, organization, "stored_key.updated", PublicId.Format(PublicId.StoredKey, id), key.Name, before, after);
        await SaveAsync(db, turn, organization, cancellationToken);
    }

    /// <summary>Deletes a key; connections that were made with it go on.</summary>
    /// <exception cref="Refusal">Not there.</exception>
    public async Task DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.StoredKeysWrite);
        await using var db = contexts.Create(actor);
        await using var turn = await TurnAsync(db, organization, cancellationToken);
        var key = await FindAsync(db, id, cancellationToken);
        db.StoredKeys.Remove(key);
        audit.Add(db, actor, organization, "stored_key.deleted", PublicId.Format(PublicId.StoredKey, id), key.Name, Snapshot(key), null);
        await SaveAsync(db, turn, organization, cancellationToken);
    }

    private static void Check(StoredKeyInput input, bool isNew)
    {
        Faults faults = new();
        input.Check(faults, isNew);
        faults.ThrowIfAny();
    }

    private static async Task<StoredKey> FindAsync(IntegrationsDbContext db, Guid id, CancellationToken cancellationToken) =>
        await db.StoredKeys.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound(What);

    private static async Task DemandNameAsync(IntegrationsDbContext db, Guid id, string name, CancellationToken cancellationToken)
    {
        if (await db.StoredKeys.AnyAsync(row => row.Name == name && row.Id != id, cancellationToken))
        {
            throw Refusal.Conflict("name", $"There is a stored key {name} already. Choose another name, or change that one.");
        }
    }

    private static string? Provider(StoredKeyInput input) => input.Provider is { Length: > 0 } provider ? provider : null;

    // All changes of an organization go one after the other, so that what is counted and compared is still true when it is saved.
    private Task<Turns.Turn> TurnAsync(IntegrationsDbContext db, Guid organization, CancellationToken cancellationToken) =>
        turns.TakeAsync(db, $"stored-keys/{organization}", cancellationToken);

    private async Task SaveAsync(IntegrationsDbContext db, Turns.Turn turn, Guid organization, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await turn.EndAsync();
        // Saved is saved, also when the caller has left.
        await writer.SignalAsync(new HubSignal(HubSignalKind.StoredKeysChanged, organization), CancellationToken.None);
    }

    private static object Snapshot(StoredKey key) => new { key.Name, key.Provider, key.Masked };
}
