using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.StoredKeys;

/// <summary>Opens a stored key; the only way to its value.</summary>
public sealed class StoredKeyReader(HubDbContextFactory contexts, SecretProtector protector, AuditLog audit, IGroupWriter writer, TimeProvider time)
{
    /// <summary>Where callers name the key, and so where their faults belong.</summary>
    public const string Field = "storedKeyId";

    private const string TouchSql =
        """UPDATE "StoredKeys" SET "LastUsedAt" = $1 WHERE "Id" = $2 AND "OrganizationId" = $3 AND ("LastUsedAt" IS NULL OR "LastUsedAt" < $1)""";

    /// <summary>The value of a key, to connect a provider with. That it was opened is written to the audit log before the value leaves.</summary>
    /// <param name="provider">The key of the provider that is connected.</param>
    /// <returns>The secret itself: it goes to the provider and nowhere else.</returns>
    /// <exception cref="Refusal">Not there, or another provider's; told at <see cref="Field"/>.</exception>
    public async Task<string> ReadForUseAsync(Actor actor, Guid id, string provider, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ConnectionsWrite);
        await using var db = contexts.Create(actor);
        var key = await db.StoredKeys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw NotFound();
        if (key.Provider is { } owner && owner != provider)
        {
            throw Refusal.Unprocessable(Field, $"The stored key {key.Name} is for {owner}, so it cannot connect {provider}.");
        }

        var value = protector.Unprotect(organization, id, StoredKeyService.Column, key.Value);
        var now = time.GetUtcNow();
        await writer.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(TouchSql, bind => bind.Add(now).Add(id).Add(organization));
                await audit.AddAsync(session, actor, organization, "stored_key.used", PublicId.Format(PublicId.StoredKey, id), key.Name, null, new { Provider = provider });
                session.SignalAfterCommit(new HubSignal(HubSignalKind.StoredKeysChanged, organization));
                return true;
            },
            cancellationToken);
        return value;
    }

    /// <summary>What answers an id that is malformed, unknown or another organization's.</summary>
    public static Refusal NotFound() => Refusal.Unprocessable(Field, "The stored key was not found.");
}
