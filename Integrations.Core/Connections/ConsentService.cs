using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Connections;

/// <summary>What a browser brings when it uses a link or comes back from a provider.</summary>
/// <param name="Nonce">The value of its cookie, or null.</param>
/// <param name="MemberId">Who is signed in there, or null.</param>
public sealed record ConsentBrowser(string? Nonce, Guid? MemberId);

/// <summary>Where a consent stands, for the page or the redirect that follows.</summary>
/// <param name="Error">An error code by RFC 6749, 4.1.2.1, or one of the hub's own; null when all went well.</param>
public sealed record ConsentResult(
    ConsentOutcome Outcome, Guid? ConsentId, Guid? ConnectionId, string Provider, string? Reason, string? Error, string? ReturnTo, string? CallerState, bool IsMember);

/// <summary>Leads a browser to a provider's consent page and takes what it brings back. Rules: RFC 6749, RFC 7636, RFC 9207, RFC 9700.</summary>
public sealed class ConsentService(
    HubDbContextFactory contexts, ConnectorCatalog catalog, ConnectionExchanges exchanges, ConnectionStarts starts, ConsentGrants grants, ConsentStore store, CredentialVault vault, TimeProvider time,
    ILogger<ConsentService> log)
{
    private static readonly Actor _worker = Actor.System("consent");
    private const int MaxReason = 300;

    /// <summary>Uses a link, once.</summary>
    /// <returns>The provider's consent page; null when the link cannot be used by this browser.</returns>
    public async Task<string?> StartAsync(string token, ConsentBrowser browser, CancellationToken cancellationToken)
    {
        var hash = ConsentLinks.Hash(token);
        await using var db = contexts.Create(_worker);
        var consent = await db.Consents.AsNoTracking().FirstOrDefaultAsync(row => row.TokenHash == hash, cancellationToken);
        if (consent is null || browser.Nonce is not { Length: > 0 } nonce || (consent.MemberId is { } member && member != browser.MemberId)
            || catalog.Find(consent.Provider) is not { OAuth: { } oauth } connector
            || await exchanges.OpenAsync(consent.OrganizationId, connector, await store.FactsAsync(consent, cancellationToken), cancellationToken) is not { } exchange)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var state = RandomToken.UrlSafe();
        var verifier = oauth.UsesPkce ? RandomToken.UrlSafe() : null;
        var (stateHash, nonceHash, sealedVerifier) = (ConsentLinks.Hash(state), ConsentLinks.Hash(nonce), verifier is null ? null : vault.SealVerifier(consent, verifier));
        var taken = await db.Consents.Where(row => row.Id == consent.Id && row.StartedAt == null && row.LinkExpiresAt > now).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.StartedAt, now).SetProperty(row => row.StateHash, stateHash).SetProperty(row => row.NonceHash, nonceHash).SetProperty(row => row.Verifier, sealedVerifier),
            cancellationToken);
        return taken == 0 ? null : exchange.AuthorizationUrl(state, consent.Scopes, verifier);
    }

    /// <summary>Takes what a browser brings back to the redirect URI. A state works once, for ten minutes, in the browser and for the member that it was made for.</summary>
    /// <param name="provider">The one of the redirect URI.</param>
    /// <param name="query">What the provider added to it.</param>
    public async Task<ConsentResult> CompleteAsync(string provider, IReadOnlyDictionary<string, string> query, ConsentBrowser browser, CancellationToken cancellationToken)
    {
        if (query.GetValueOrDefault("state") is not { Length: > 0 and <= 512 } state || await store.ClaimAsync(state, cancellationToken) is not { } consent)
        {
            // Missing, made up, used or expired: nothing is known of whoever brings it, so nothing is told.
            ConnectionLog.ConsentRejected(log, catalog.Find(provider)?.Info.Key ?? "unknown", "unknown, used or expired state");
            return new ConsentResult(ConsentOutcome.Failed, null, null, provider, "The link back was used already, has expired, or was not made by this hub.", "invalid_state", null, null, browser.MemberId is not null);
        }

        if (await WhyForeignAsync(consent, provider, browser, cancellationToken) is { } foreign)
        {
            ConnectionLog.ConsentRejected(log, consent.Provider, foreign);
            await store.EndAsync(consent, ConsentOutcome.Failed, foreign, "connection.consent_rejected");
            return new ConsentResult(ConsentOutcome.Failed, null, null, consent.Provider, "The link back belongs to another browser, person or provider.", "invalid_state", null, null, browser.MemberId is not null);
        }

        var connector = catalog.Find(consent.Provider)!;
        // Before anything else that it says, also an error (RFC 9207, 2.4).
        if (connector.OAuth!.Issuer is { } issuer && query.GetValueOrDefault("iss") is { } iss && iss != issuer)
        {
            return await FailAsync(consent, "invalid_request", $"The answer came from {Short(iss)}, not from {connector.Info.Name}.");
        }

        if (query.GetValueOrDefault("error") is { Length: > 0 } error)
        {
            return await RefuseAsync(consent, connector, error, query.GetValueOrDefault("error_description"));
        }

        if (query.GetValueOrDefault("code") is not { Length: > 0 } code)
        {
            return await FailAsync(consent, "invalid_request", $"{connector.Info.Name} sent neither a code nor an error.");
        }

        return await ExchangeAsync(consent, connector, code, query, cancellationToken);
    }

    /// <summary>Where a consent stands, for its result page.</summary>
    /// <returns>Null unless this browser made it.</returns>
    public async Task<ConsentResult?> FindAsync(Guid id, ConsentBrowser browser, CancellationToken cancellationToken) =>
        await store.LoadAsync(id, browser, cancellationToken) is { } consent ? ResultOf(consent, consent.Outcome, consent.Reason, null) : null;

    /// <summary>Decides whether another account takes the place of the one that is connected.</summary>
    /// <returns>Null unless this browser made it and it waits for that.</returns>
    public async Task<ConsentResult?> DecideAsync(Guid id, bool replace, ConsentBrowser browser, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(id, browser, cancellationToken) is not { Outcome: ConsentOutcome.OtherAccount, Grant: not null } consent
            || !await MayConnectAsync(consent, cancellationToken))
        {
            return null;
        }

        await using var db = contexts.Create(_worker);
        var taken = await db.Consents.Where(row => row.Id == id && row.Outcome == ConsentOutcome.OtherAccount)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Outcome, replace ? ConsentOutcome.Connected : ConsentOutcome.Kept).SetProperty(row => row.Grant, (byte[]?)null), cancellationToken);
        if (taken == 0)
        {
            return null;
        }

        if (replace)
        {
            await grants.KeepAsync(ConsentStore.ActorOf(consent), consent, vault.OpenGrant(consent));
        }
        else
        {
            await store.AuditAsync(consent, "connection.account_kept", null);
        }

        return ResultOf(consent, replace ? ConsentOutcome.Connected : ConsentOutcome.Kept, null, replace ? null : "account_mismatch");
    }

    /// <summary>Makes a fresh link in place of one that ended without a connection, while the first one could still be used.</summary>
    /// <returns>The token, or null.</returns>
    /// <exception cref="Refusal"><see cref="RefusalKind.TooMany"/>: it counts as a beginning like the first.</exception>
    public async Task<string?> AgainAsync(Guid id, ConsentBrowser browser, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(id, browser, cancellationToken) is not { } old || old.Outcome is ConsentOutcome.Open or ConsentOutcome.Connected || old.LinkExpiresAt <= time.GetUtcNow())
        {
            return null;
        }

        await starts.CountAsync(ConsentStore.ActorOf(old), old.OrganizationId, ConnectionStartKind.Consent, cancellationToken);
        var token = RandomToken.UrlSafe();
        var now = time.GetUtcNow();
        await using var db = contexts.Create(_worker);
        db.Consents.Add(new Consent
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = old.OrganizationId,
            ConnectionId = old.ConnectionId,
            Provider = old.Provider,
            MemberId = old.MemberId,
            StartedBy = old.StartedBy,
            TokenHash = ConsentLinks.Hash(token),
            LinkExpiresAt = old.LinkExpiresAt,
            Permissions = old.Permissions,
            Scopes = old.Scopes,
            ReturnTo = old.ReturnTo,
            CallerState = old.CallerState,
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        return token;
    }

    private async Task<string?> WhyForeignAsync(Consent consent, string provider, ConsentBrowser browser, CancellationToken cancellationToken) =>
        catalog.Find(provider)?.Info.Key != consent.Provider ? "The state was made for another provider."
        : !ConsentStore.IsSameBrowser(consent, browser) ? "The state was made in another browser."
        : consent.MemberId is { } member && member != browser.MemberId ? "The state was made for another member."
        : !await MayConnectAsync(consent, cancellationToken) ? "The member may not connect providers any more."
        : null;

    // A role that was taken away since the beginning counts at once.
    private async Task<bool> MayConnectAsync(Consent consent, CancellationToken cancellationToken)
    {
        if (consent.MemberId is not { } user)
        {
            return true;
        }

        await using var db = contexts.Create(ConsentStore.ActorOf(consent));
        var least = AccessTable.RoleFor(Permission.ConnectionsWrite);
        return await db.Members.AnyAsync(member => member.UserId == user && member.Role >= least, cancellationToken);
    }

    private async Task<ConsentResult> ExchangeAsync(Consent consent, Connector connector, string code, IReadOnlyDictionary<string, string> query, CancellationToken cancellationToken)
    {
        try
        {
            var facts = ConnectionRows.Merge(
                await store.FactsAsync(consent, cancellationToken),
                connector.OAuth!.CallbackFacts.Where(name => query.GetValueOrDefault(name) is { Length: > 0 and <= 512 }).ToDictionary(name => name, name => query[name], StringComparer.Ordinal));
            var exchange = await exchanges.OpenAsync(consent.OrganizationId, connector, facts, cancellationToken)
                ?? throw new ProviderFault(ProviderFaultKind.ClientRefused, $"The hub has no OAuth client for {connector.Info.Name} any more.");
            var asked = time.GetUtcNow();
            var grant = await connector.ExchangeCodeAsync(exchange, code, vault.OpenVerifier(consent), CancellationToken.None);
            var held = await grants.InspectAsync(consent, connector, grant, facts, asked, CancellationToken.None);
            if (await grants.IsOtherAccountAsync(consent, held) is { } present)
            {
                var reason = $"{Short(held.AccountName)}|{Short(present)}";
                await store.EndAsync(consent, ConsentOutcome.OtherAccount, reason, "connection.other_account", vault.SealGrant(consent, held));
                return ResultOf(consent, ConsentOutcome.OtherAccount, reason, "account_mismatch");
            }

            await grants.KeepAsync(ConsentStore.ActorOf(consent), consent, held);
            await store.EndAsync(consent, ConsentOutcome.Connected, null, null);
            return ResultOf(consent, ConsentOutcome.Connected, null, null);
        }
        catch (ProviderFault fault)
        {
            if (fault.Kind == ProviderFaultKind.ClientRefused)
            {
                await grants.MarkClientRefusedAsync(consent, fault);
            }

            return await FailAsync(consent, fault.IsTransient ? "temporarily_unavailable" : "server_error", fault.Message);
        }
    }

    private Task<ConsentResult> RefuseAsync(Consent consent, Connector connector, string error, string? description)
    {
        var reason = error is "access_denied" or "user_cancelled_login" or "user_cancelled_authorize"
            ? $"Access was not allowed at {connector.Info.Name}."
            : $"{connector.Info.Name} answered: {Short(description is { Length: > 0 } ? description : error)}";
        return FailAsync(consent, Short(error), reason, ConsentOutcome.Refused);
    }

    private async Task<ConsentResult> FailAsync(Consent consent, string error, string reason, ConsentOutcome outcome = ConsentOutcome.Failed)
    {
        await store.EndAsync(consent, outcome, reason, outcome == ConsentOutcome.Refused ? "connection.consent_refused" : "connection.consent_failed");
        return ResultOf(consent, outcome, reason, error);
    }

    private static ConsentResult ResultOf(Consent consent, ConsentOutcome outcome, string? reason, string? error) =>
        new(outcome, consent.Id, consent.ConnectionId, consent.Provider, reason, error, consent.ReturnTo, consent.CallerState, consent.MemberId is not null);

    // What a provider or a forger wrote into the address is shown as text, and not at any length.
    private static string Short(string text) => text.Length <= MaxReason / 2 ? text : text[..(MaxReason / 2)] + "…";
}
