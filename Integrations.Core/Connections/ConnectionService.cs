using Integrations.Core.Audit;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>Changes, tries and ends connections, and does what they can do.</summary>
public sealed class ConnectionService(
    HubDbContextFactory contexts, ConnectorCatalog catalog, ConnectionExchanges exchanges, ConnectionStore store, ConnectionProbe probe, TokenRefresher refresher, ProviderGateway gateway,
    CredentialVault vault, ConnectionWebhooks webhooks, AuditLog audit, TimeProvider time, Microsoft.Extensions.Logging.ILogger<ConnectionService> log)
{
    /// <summary>Changes a connection.</summary>
    /// <returns>The permissions that take another consent before they count; empty when all is done.</returns>
    /// <exception cref="Refusal">Not there, or malformed.</exception>
    public async Task<IReadOnlyList<string>> UpdateAsync(Actor actor, Guid id, ConnectionChanges changes, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsWrite);
        while (true)
        {
            var row = await LoadAsync(actor, id, cancellationToken);
            var connector = ConnectionInputCheck.Find(catalog, row.Provider);
            var before = ConnectionStore.Snapshot(row);
            Faults faults = new();
            ConnectionInputCheck.Name(changes.Name, faults);
            row.Name = changes.Name?.Trim() ?? row.Name;
            row.Settings = ConnectionInputCheck.Settings(connector, row.Settings, changes.Settings, faults);
            row.ProviderSettings = ConnectionInputCheck.ProviderSettings(connector, row.ProviderSettings, changes.ProviderSettings, "settings.provider.", faults);
            var pending = ApplyPermissions(connector, row, changes.Permissions, faults);
            faults.ThrowIfAny();
            if (await store.SaveAsync(actor, row, row.Status, "connection.updated", before, endsFlight: false, cancellationToken))
            {
                return pending;
            }
        }
    }

    /// <summary>Ends a connection: the grant is revoked at the provider where it can be, the credential is deleted unless it is kept, webhook URLs go; the history stays.</summary>
    /// <exception cref="Refusal">Not there, or not connected.</exception>
    public async Task DisconnectAsync(Actor actor, Guid id, bool keepCredential, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.ConnectionsWrite);
        var seen = await LoadAsync(actor, id, cancellationToken);
        if (seen.Status == ConnectionStatus.Disconnected && (keepCredential || seen.Credential is null))
        {
            throw Refusal.Conflict(null, $"{seen.Name} is disconnected already.");
        }

        if (!keepCredential)
        {
            await RevokeAsync(seen);
        }

        await webhooks.DeleteAsync(actor, organization, id, cancellationToken);
        while (true)
        {
            var row = await LoadAsync(actor, id, CancellationToken.None);
            var (before, snapshot) = (row.Status, ConnectionStore.Snapshot(row));
            var now = time.GetUtcNow();
            var stored = row.Credential;
            (row.Status, row.StatusReason, row.DisconnectedAt, row.CheckAt, row.Failures) = (ConnectionStatus.Disconnected, null, now, null, 0);
            if (!keepCredential)
            {
                (row.Credential, row.ExpiresAt) = (null, null);
            }

            if (await store.SaveAsync(actor, row, before, "connection.disconnected", snapshot, endsFlight: true, CancellationToken.None))
            {
                if (row.Credential is null && stored is not null && !stored.AsSpan().SequenceEqual(seen.Credential))
                {
                    // Renewed since it was revoked; at some providers the new one lives on.
                    row.Credential = stored;
                    await RevokeAsync(row);
                }

                return;
            }
        }
    }

    /// <summary>Tries a connection now.</summary>
    /// <exception cref="Refusal">Not there, or not connected.</exception>
    public async Task<ConnectionTestResult> TestAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsWrite);
        var row = await LoadAsync(actor, id, cancellationToken);
        return row.AuthMode == AuthMode.WebhookUrl ? await webhooks.TestAsync(actor, row, cancellationToken) : await probe.RunAsync(actor, id, cancellationToken);
    }

    /// <summary>Renews the access token now.</summary>
    /// <exception cref="Refusal">Not there, nothing to renew, or the provider refused.</exception>
    public async Task RefreshAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsWrite);
        var row = await LoadAsync(actor, id, cancellationToken);
        var connector = ConnectionInputCheck.Find(catalog, row.Provider);
        if (row.Credential is null || row.Status is ConnectionStatus.Disconnected or ConnectionStatus.Pending || connector.OAuth is null || !CanRefresh(connector, row))
        {
            throw Refusal.Unprocessable(null, $"{row.Name} has no token that can be renewed.");
        }

        try
        {
            await refresher.RefreshAsync(row, cancellationToken);
        }
        catch (ProviderFault fault)
        {
            throw Refusal.Unprocessable(null, fault.Message);
        }

        await AuditAsync(actor, row, "connection.refreshed", cancellationToken);
    }

    /// <summary>What a connector's setting, or the field of one of its actions, can be set to.</summary>
    /// <exception cref="Refusal">Not there, no such setting, or the provider did not tell.</exception>
    public async Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(Actor actor, Guid id, string name, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsRead);
        var session = await gateway.OpenAsync(actor, id, null, cancellationToken);
        var known = session.Connector.Settings.Any(setting => setting.Name == name && setting.HasChoices)
            || session.Connector.Actions.Any(action => action.Fields.Any(field => field.Name == name && field.Kind == ActionFieldKind.Choice));
        return known ? await AskAsync(() => session.Connector.ListChoicesAsync(session, name, cancellationToken)) : throw Refusal.NotFound("The setting");
    }

    /// <summary>Does one of the connection's actions.</summary>
    /// <exception cref="Refusal">Not there, malformed, not permitted, or the provider refused.</exception>
    public async Task<ActionAnswer> RunActionAsync(Actor actor, Guid id, string name, ActionInput input, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ConnectionsWrite);
        var row = await LoadAsync(actor, id, cancellationToken);
        var connector = ConnectionInputCheck.Find(catalog, row.Provider);
        var action = connector.Actions.FirstOrDefault(known => known.Name == name) ?? throw Refusal.NotFound("The action");
        if (!row.Permissions.Contains(action.Permission))
        {
            throw Refusal.Unprocessable(null, $"{row.Name} was connected without the permission {action.Permission}. Add it to the connection first.");
        }

        ActionInputCheck.Check(action, input);
        var session = gateway.Open(row, TimeSpan.FromSeconds(10));
        var answer = await AskAsync(() => connector.RunActionAsync(session, name, input, cancellationToken));
        await AuditAsync(actor, row, $"connection.{name}", CancellationToken.None);
        return answer;
    }

    /// <summary>Asks a provider for somebody who waits: its fault is a refusal.</summary>
    internal static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ProviderFault fault)
        {
            throw fault is { Kind: ProviderFaultKind.RateLimited, RetryAfter: { } wait } ? Refusal.TooMany(fault.Message, wait) : Refusal.Unprocessable(null, fault.Message);
        }
    }

    // One that cannot be opened is the refresher's to tell.
    private bool CanRefresh(Connector connector, Connection row)
    {
        try
        {
            return connector.CanRefresh(vault.OpenCredential(row));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return true;
        }
    }

    // Narrower permissions count at once, and wider ones where the provider granted enough or has no scopes.
    private static List<string> ApplyPermissions(Connector connector, Connection row, IReadOnlyList<string>? asked, Faults faults)
    {
        if (asked is null)
        {
            return [];
        }

        var wanted = ConnectionInputCheck.Permissions(connector, asked, faults);
        var granted = row.AuthMode == AuthMode.OAuth2 ? ConnectionInputCheck.Granted(connector, wanted, row.Scopes) : wanted;
        row.Permissions = granted;
        return [.. wanted.Except(granted, StringComparer.Ordinal)];
    }

    private async Task RevokeAsync(Connection connection)
    {
        if (connection.AuthMode != AuthMode.OAuth2 || connection.Credential is null || catalog.Find(connection.Provider) is not { } connector)
        {
            return;
        }

        try
        {
            if (await exchanges.OpenAsync(connection.OrganizationId, connector, connection.Facts, CancellationToken.None) is { } exchange)
            {
                await connector.RevokeAsync(exchange, vault.OpenCredential(connection), CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is ProviderFault or System.Security.Cryptography.CryptographicException)
        {
            // The credential goes here in any case; the provider's own page can end the rest.
            ConnectionLog.NotRevoked(log, PublicId.Format(PublicId.Connection, connection.Id), exception.Message);
        }
    }

    private async Task AuditAsync(Actor actor, Connection row, string action, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        audit.Add(db, actor, row.OrganizationId, action, PublicId.Format(PublicId.Connection, row.Id), row.Name, null, null);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<Connection> LoadAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        return await db.Connections.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The connection");
    }
}
