using System.Security.Cryptography;
using Integrations.Core.Audit;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>Keeps consents while they are under way, and notes what came of them.</summary>
public sealed class ConsentStore(HubDbContextFactory contexts, ConnectorCatalog catalog, AuditLog audit, TimeProvider time)
{
    private static readonly Actor _worker = Actor.System("consent");

    /// <summary>Who connects: the member whose consent it is, else the hub for whoever made the link.</summary>
    internal static Actor ActorOf(Consent consent) => consent.MemberId is { } member
        ? Actor.Member(consent.OrganizationId, member, consent.StartedBy, AccessTable.RoleFor(Permission.ConnectionsWrite))
        : Actor.System(consent.StartedBy, consent.OrganizationId);

    internal static bool IsSameBrowser(Consent consent, ConsentBrowser browser) =>
        browser.Nonce is { Length: > 0 } nonce && consent.NonceHash is { } hash && CryptographicOperations.FixedTimeEquals(ConsentLinks.Hash(nonce), hash);

    /// <summary>Takes the consent that a state belongs to: once, and for ten minutes.</summary>
    internal async Task<Consent?> ClaimAsync(string state, CancellationToken cancellationToken)
    {
        var hash = ConsentLinks.Hash(state);
        var now = time.GetUtcNow();
        var oldest = now - Consent.StateLifetime;
        await using var db = contexts.Create(_worker);
        var claimed = await db.Consents.Where(row => row.StateHash == hash && row.ReturnedAt == null && row.StartedAt > oldest)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReturnedAt, now), cancellationToken);
        return claimed == 0 ? null : await db.Consents.AsNoTracking().FirstAsync(row => row.StateHash == hash, CancellationToken.None);
    }

    /// <summary>Writes what came of it. Secrets that were only needed on the way are forgotten.</summary>
    internal async Task EndAsync(Consent consent, ConsentOutcome outcome, string? reason, string? action, byte[]? grant = null)
    {
        await using var db = contexts.Create(ActorOf(consent));
        reason = reason?.Length > Connection.MaxReasonLength ? reason[..Connection.MaxReasonLength] : reason;
        await db.Consents.Where(row => row.Id == consent.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Outcome, outcome).SetProperty(row => row.Reason, reason).SetProperty(row => row.Grant, grant).SetProperty(row => row.Verifier, (byte[]?)null));
        if (action is not null)
        {
            await AuditAsync(consent, action, outcome == ConsentOutcome.OtherAccount ? null : reason);
        }
    }

    internal async Task AuditAsync(Consent consent, string action, string? reason)
    {
        await using var db = contexts.Create(ActorOf(consent));
        var name = catalog.Find(consent.Provider)?.Info.Name ?? consent.Provider;
        audit.Add(db, ActorOf(consent), consent.OrganizationId, action, PublicId.Format(PublicId.Connection, consent.ConnectionId), name, null, reason is null ? null : new { Reason = reason });
        await db.SaveChangesAsync();
    }

    /// <returns>Null unless this browser made it.</returns>
    internal async Task<Consent?> LoadAsync(Guid id, ConsentBrowser browser, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(_worker);
        var consent = await db.Consents.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        return consent is not null && IsSameBrowser(consent, browser) && (consent.MemberId is not { } member || member == browser.MemberId) ? consent : null;
    }

    /// <summary>What is known of the connection's account already.</summary>
    internal async Task<Dictionary<string, string>> FactsAsync(Consent consent, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(ActorOf(consent));
        return await db.Connections.AsNoTracking().Where(row => row.Id == consent.ConnectionId).Select(row => row.Facts).FirstOrDefaultAsync(cancellationToken) ?? [];
    }
}
