using System.Security.Cryptography;
using System.Text;
using Integrations.Core.Audit;
using Integrations.Core.Organizations;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>A connect link: shown once.</summary>
/// <param name="Url">A page of the hub, single use, open for <see cref="Consent.LinkLifetime"/>.</param>
/// <param name="State">The caller's own state, or one that the hub made; given back at the end.</param>
public sealed record ConsentLink(Guid ConnectionId, string Url, string Token, string State, DateTimeOffset ExpiresAt);

/// <summary>What the page of a connect link shows.</summary>
public sealed record ConsentLinkInfo(string Organization, Connector Connector, IReadOnlyList<ConnectorPermission> Permissions, bool IsUsable, Guid? MemberId, string? ReturnTo);

/// <summary>Makes connect links, by which a person is led to a provider's consent page; with or without an account here.</summary>
public sealed class ConsentLinks(
    HubDbContextFactory contexts, ConnectorCatalog catalog, OAuthClients clients, ConnectionRows rows, ConnectionStarts starts, AuditLog audit, IHubAddress address, TimeProvider time)
{
    private const int MaxState = 1024;
    private const int MaxReturnTo = 2048;

    /// <param name="memberOnly">Whether only the acting member may use it.</param>
    /// <param name="creates">Whether it counts as a creation too.</param>
    /// <exception cref="Refusal">Malformed; the provider has no consent, or no OAuth client; or too many within a minute.</exception>
    public async Task<ConsentLink> CreateAsync(Actor actor, ConsentInput input, bool memberOnly, bool creates, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ConnectionsWrite);
        var connector = ConnectionInputCheck.Find(catalog, input.Provider);
        if (connector.OAuth is null)
        {
            throw Refusal.Unprocessable("provider", $"{connector.Info.Name} is not connected by consent. POST /api/integrations/{connector.Info.Key}/connect takes its credentials.");
        }

        var (permissions, scopes) = await CheckAsync(actor, connector, input, cancellationToken);
        if (await clients.FindAsync(organization, connector, cancellationToken) is null)
        {
            throw Refusal.Unprocessable(
                "provider", $"{connector.Info.Name} has no OAuth client yet. The Owner enters its client id and secret in Settings, Providers; the redirect URI to register is {clients.RedirectUri(connector)}.");
        }

        if (creates)
        {
            await starts.CountAsync(actor, organization, ConnectionStartKind.Creation, cancellationToken);
        }

        await starts.CountAsync(actor, organization, ConnectionStartKind.Consent, cancellationToken);
        var row = await rows.TakeAsync(actor, organization, connector, AuthMode.OAuth2, input.Name, cancellationToken);
        var now = time.GetUtcNow();
        var life = now + ConnectionSchedule.PendingLife;
        var token = RandomToken.UrlSafe();
        Consent consent = new()
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organization,
            ConnectionId = row.Id,
            Provider = connector.Info.Key,
            MemberId = memberOnly ? actor.Id : null,
            StartedBy = actor.Name,
            TokenHash = Hash(token),
            LinkExpiresAt = now + Consent.LinkLifetime,
            Permissions = permissions,
            Scopes = scopes,
            // As a header can carry it.
            ReturnTo = input.ReturnTo is { } target ? new Uri(target).AbsoluteUri : null,
            CallerState = input.State ?? (memberOnly ? null : RandomToken.UrlSafe()),
            CreatedAt = now,
        };
        await using var db = contexts.Create(actor);
        // A pending row must not go while a link to it is open: its id was told.
        await db.Connections.Where(connection => connection.Id == row.Id && connection.Status == ConnectionStatus.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(connection => connection.CheckAt, life), cancellationToken);
        db.Consents.Add(consent);
        audit.Add(db, actor, organization, "connection.consent_started", PublicId.Format(PublicId.Connection, row.Id), row.Name, null, new { Permissions = permissions.ToArray(), consent.ReturnTo });
        await db.SaveChangesAsync(cancellationToken);
        return new ConsentLink(row.Id, $"{address.PublicUrl}/connect/{token}", token, consent.CallerState ?? "", consent.LinkExpiresAt);
    }

    /// <summary>What a link is for; null when there is no such link.</summary>
    public async Task<ConsentLinkInfo?> FindAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("connect link"));
        var hash = Hash(token);
        var consent = await db.Consents.AsNoTracking().FirstOrDefaultAsync(row => row.TokenHash == hash, cancellationToken);
        if (consent is null || catalog.Find(consent.Provider) is not { } connector)
        {
            return null;
        }

        var organization = await db.Organizations.Where(row => row.Id == consent.OrganizationId).Select(row => row.Name).FirstAsync(cancellationToken);
        return new ConsentLinkInfo(
            organization, connector, [.. connector.Permissions.Where(permission => consent.Permissions.Contains(permission.Name))],
            consent.StartedAt is null && consent.LinkExpiresAt > time.GetUtcNow(), consent.MemberId, consent.ReturnTo);
    }

    internal static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private async Task<(List<string> Permissions, List<string> Scopes)> CheckAsync(Actor actor, Connector connector, ConsentInput input, CancellationToken cancellationToken)
    {
        Faults faults = new();
        ConnectionInputCheck.Name(input.Name, faults);
        var permissions = ConnectionInputCheck.Permissions(connector, input.Permissions, faults);
        if (input.Scopes is { Count: > 0 } scopes)
        {
            var known = connector.OAuth!.BaseScopes.Concat(connector.Permissions.SelectMany(permission => permission.Scopes)).ToHashSet(StringComparer.Ordinal);
            if (scopes.FirstOrDefault(scope => !known.Contains(scope)) is { } unknown)
            {
                faults.Add("scopes", $"{unknown} is not a scope that {connector.Info.Name} is asked for. It may be {string.Join(", ", known)}.");
            }

            permissions = ConnectionInputCheck.Granted(connector, connector.Permissions.Select(permission => permission.Name), [.. scopes]);
        }

        faults.AddIf(input.State?.Length > MaxState, "state", $"state may have at most {MaxState} characters.");
        if (input.ReturnTo is { } target && await WhyNotReturnAsync(actor, target, cancellationToken) is { } reason)
        {
            faults.Add("redirectUri", reason);
        }

        faults.ThrowIfAny();
        return (permissions, ConnectionInputCheck.ScopesOf(connector, permissions));
    }

    // Anywhere else would make the hub a way to lead people astray.
    private async Task<string?> WhyNotReturnAsync(Actor actor, string target, CancellationToken cancellationToken)
    {
        if (target.Length > MaxReturnTo || !Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            return $"redirectUri must be an absolute URL of at most {MaxReturnTo} characters.";
        }

        if (uri.GetLeftPart(UriPartial.Authority) == new Uri(address.PublicUrl).GetLeftPart(UriPartial.Authority))
        {
            return null;
        }

        await using var db = contexts.Create(actor);
        var id = actor.OrganizationId!.Value;
        var listed = await db.Organizations.Where(row => row.Id == id).Select(row => row.ReturnUrls).FirstAsync(cancellationToken);
        return listed.Exists(allowed => ReturnUrls.Covers(allowed, uri))
            ? null
            : $"{uri.GetLeftPart(UriPartial.Path)} is not on the organization's list of return URLs. An Admin can add it in Settings, Providers.";
    }
}
