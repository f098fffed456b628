using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>What a consent brought: looked at, and kept in the connection.</summary>
public sealed class ConsentGrants(HubDbContextFactory contexts, ConnectorCatalog catalog, ProviderGateway gateway, CredentialVault vault, ConnectionStore store, ConnectionRows rows, TimeProvider time)
{
    /// <summary>Asks the provider whose account a grant opens, and what it allows.</summary>
    /// <param name="asked">When the token was asked for: its life counts from then.</param>
    /// <exception cref="ProviderFault">The grant does not work, or allows too little.</exception>
    internal async Task<HeldGrant> InspectAsync(
        Consent consent, Connector connector, OAuthGrant grant, IReadOnlyDictionary<string, string> facts, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var known = ConnectionRows.Merge(facts, grant.Facts);
        var settings = await SettingsAsync(consent, cancellationToken);
        var account = await connector.TestAsync(gateway.Try(connector, AuthMode.OAuth2, grant.Credential, known, settings), cancellationToken);
        var permissions = ConnectionInputCheck.Granted(connector, consent.Permissions, grant.Scopes);
        var missing = connector.Permissions.FirstOrDefault(permission => !permission.IsOptional && !permissions.Contains(permission.Name));
        return missing is not null
            ? throw new ProviderFault(ProviderFaultKind.Forbidden, $"{connector.Info.Name} did not grant \"{missing.Words}\", without which the connection cannot work.")
            : new HeldGrant(
                new Dictionary<string, string>(grant.Credential.Values, StringComparer.Ordinal), grant.Lifetime is { } life ? asked + life : null, permissions, [.. grant.Scopes ?? consent.Scopes],
                ConnectionRows.Merge(known, account.Facts), account.Id, account.Name);
    }

    /// <returns>The name of the account that is connected, when the grant is of another one.</returns>
    internal async Task<string?> IsOtherAccountAsync(Consent consent, HeldGrant grant)
    {
        await using var db = contexts.Create(Worker(consent));
        var row = await db.Connections.AsNoTracking().FirstOrDefaultAsync(connection => connection.Id == consent.ConnectionId);
        return row is not null && ConnectionRows.IsOtherAccount(row, grant.AccountId) ? row.AccountName : null;
    }

    internal async Task KeepAsync(Actor actor, Consent consent, HeldGrant grant)
    {
        var connector = catalog.Find(consent.Provider)!;
        ProviderCredential credential = new(grant.Credential);
        while (true)
        {
            // A pending row may have gone meanwhile; its consent counts all the same.
            var row = await rows.TakeAsync(Worker(consent), consent.OrganizationId, connector, AuthMode.OAuth2, null, CancellationToken.None);
            var (before, snapshot) = (row.Status, ConnectionStore.Snapshot(row));
            row.AuthMode = AuthMode.OAuth2;
            row.Permissions = grant.Permissions;
            row.Scopes = grant.Scopes;
            row.Facts = grant.Facts;
            row.Credential = vault.SealCredential(row.OrganizationId, row.Id, credential);
            row.ExpiresAt = grant.ExpiresAt;
            ConnectionRows.MarkConnected(row, new ProviderAccount(grant.AccountId, grant.AccountName), connector.CanRefresh(credential) ? connector.OAuth : null, time.GetUtcNow());
            if (await store.SaveAsync(actor, row, before, ConnectionRows.ActionFor(before), before == ConnectionStatus.Pending ? null : snapshot, endsFlight: true, CancellationToken.None))
            {
                return;
            }
        }
    }

    /// <summary>The provider refused the hub as its client: a connection that is there cannot be renewed either.</summary>
    internal async Task MarkClientRefusedAsync(Consent consent, ProviderFault fault)
    {
        var actor = Worker(consent);
        await using var db = contexts.Create(actor);
        var row = await db.Connections.AsNoTracking().FirstOrDefaultAsync(connection => connection.Id == consent.ConnectionId);
        if (row is null || row.Status is ConnectionStatus.Pending or ConnectionStatus.Disconnected or ConnectionStatus.ConfigurationError || row.AuthMode != AuthMode.OAuth2)
        {
            return;
        }

        var before = row.Status;
        ConnectionVerdict.Apply(row, fault, time.GetUtcNow());
        await store.SaveAsync(actor, row, before, ConnectionVerdict.ActionFor(row.Status), null, endsFlight: false, CancellationToken.None);
    }

    private async Task<Dictionary<string, string>> SettingsAsync(Consent consent, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Worker(consent));
        // After a disconnection the account may be another one, so what was chosen within the old one does not count.
        return await db.Connections.AsNoTracking().Where(row => row.Id == consent.ConnectionId && row.Status != ConnectionStatus.Disconnected).Select(row => row.ProviderSettings)
            .FirstOrDefaultAsync(cancellationToken) ?? [];
    }

    private static Actor Worker(Consent consent) => Actor.System(consent.StartedBy, consent.OrganizationId);
}
