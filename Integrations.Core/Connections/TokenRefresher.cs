using System.Collections.Concurrent;
using System.Security.Cryptography;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>
/// Renews the access tokens of connections: one flight for each connection, over all nodes. A new token is on disk before anybody uses it, since the provider may
/// have ended the old one. A flight whose node died leaves a lease that runs out; the next tries the old token at once.
/// </summary>
public sealed class TokenRefresher(
    HubDbContextFactory contexts, ConnectorCatalog catalog, ConnectionExchanges exchanges, CredentialVault vault, ConnectionStore store, IGroupWriter writer, DatabaseClock clock, TimeProvider time)
{
    // Longer than the provider's answer may take.
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

    private const string LeaseSql =
        """
        UPDATE "Connections" SET "LeaseOwner" = $1, "LeaseUntil" = $2
        WHERE "Id" = $3 AND "Version" = $4 AND ("LeaseUntil" IS NULL OR "LeaseUntil" <= $5)
        """;

    private readonly ConcurrentDictionary<Guid, Lazy<Task<Connection>>> _flights = new();

    /// <summary>Flights under way in this process.</summary>
    internal int FlightCount => _flights.Count;

    /// <summary>Renews the credential that a connection was read with; one that is another by now is as good.</summary>
    /// <returns>The connection with a credential that is newer than the given one.</returns>
    /// <exception cref="ProviderFault">It could not be renewed; the connection's status says so by now.</exception>
    internal async Task<Connection> RefreshAsync(Connection seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var flight = _flights.GetOrAdd(seen.Id, static (_, state) => new Lazy<Task<Connection>>(() => Task.Run(() => state.Self.FlyOnceAsync(state.seen))), (Self: this, seen));
            // A caller who leaves does not end the flight: others wait for it, and the provider may have answered already.
            var renewed = await flight.Value.WaitAsync(cancellationToken);
            if (HasOtherCredential(renewed, seen.Credential))
            {
                return renewed;
            }

            // It landed before this caller asked, and brought just what the caller has.
        }
    }

    // A flight whose callers have all left must not answer those who come much later.
    private async Task<Connection> FlyOnceAsync(Connection seen)
    {
        try
        {
            return await FlyAsync(seen);
        }
        finally
        {
            _flights.TryRemove(seen.Id, out _);
        }
    }

    private async Task<Connection> FlyAsync(Connection seen)
    {
        var owner = Guid.NewGuid().ToString("N");
        while (true)
        {
            var row = await LoadAsync(seen);
            if (HasOtherCredential(row, seen.Credential))
            {
                return row;
            }

            // Whoever reads it as disconnected means a credential that was kept.
            if (row.Status == ConnectionStatus.Disconnected && seen.Status != ConnectionStatus.Disconnected)
            {
                throw Gone();
            }

            var now = clock.UtcNow;
            if (await writer.WriteAsync(session => session.ExecuteAsync(LeaseSql, bind => bind.Add(owner).Add(now + _lease).Add(row.Id).Add(row.Version).Add(now)), CancellationToken.None) > 0)
            {
                return await RenewAsync(row);
            }

            // Another node is at it. Its answer shows as another credential; if it dies, its lease runs out.
            await Task.Delay(_poll, time);
        }
    }

    private async Task<Connection> RenewAsync(Connection row)
    {
        var connector = catalog.Find(row.Provider)!;
        try
        {
            var exchange = await exchanges.OpenAsync(row.OrganizationId, connector, row.Facts, CancellationToken.None)
                ?? throw new ProviderFault(ProviderFaultKind.ClientRefused, $"The hub has no OAuth client for {connector.Info.Name} any more.");
            var asked = time.GetUtcNow();
            var grant = await connector.RefreshAsync(exchange, vault.OpenCredential(row), CancellationToken.None);
            return await KeepAsync(row, connector, grant, asked);
        }
        catch (CryptographicException exception)
        {
            var fault = new ProviderFault(ProviderFaultKind.GrantEnded, "The stored credential cannot be opened any more. Connect again.", cause: exception);
            return await FailAsync(row, fault);
        }
        catch (ProviderFault fault)
        {
            return await FailAsync(row, fault);
        }
    }

    private async Task<Connection> KeepAsync(Connection row, Connector connector, OAuthGrant grant, DateTimeOffset asked)
    {
        // The row itself takes the new one, so what was sent is remembered apart.
        var sent = row.Credential;
        while (true)
        {
            var before = row.Status;
            row.Credential = vault.SealCredential(row.OrganizationId, row.Id, grant.Credential);
            row.ExpiresAt = grant.Lifetime is { } life ? asked + life : null;
            row.Scopes = grant.Scopes is { Count: > 0 } scopes ? [.. scopes] : row.Scopes;
            foreach (var (name, value) in grant.Facts)
            {
                row.Facts[name] = value;
            }

            row.LastOkAt = asked;
            if (before != ConnectionStatus.Disconnected)
            {
                // Somebody who disconnected meanwhile and kept the credential keeps the new one, but is not connected by it.
                row.Status = ConnectionStatus.Connected;
                row.StatusReason = null;
                row.Failures = 0;
                row.CheckAt = ConnectionSchedule.AfterSuccess(row.AuthMode, connector.CanRefresh(grant.Credential) ? connector.OAuth : null, row.ExpiresAt, asked);
            }

            if (await store.SaveAsync(Worker(row), row, before, before == row.Status ? null : "connection.recovered", null, endsFlight: true, CancellationToken.None))
            {
                return row;
            }

            // Somebody changed a setting meanwhile. The new token must not be lost: the old one may count no more.
            row = await LoadAsync(row);
            if (HasOtherCredential(row, sent))
            {
                return row;
            }
        }
    }

    private async Task<Connection> FailAsync(Connection seen, ProviderFault fault)
    {
        while (true)
        {
            var row = await LoadAsync(seen);
            if (HasOtherCredential(row, seen.Credential))
            {
                // Somebody else renewed it meanwhile, which is why the old token was refused.
                return row;
            }

            if (row.Status == ConnectionStatus.Disconnected)
            {
                throw fault;
            }

            var before = row.Status;
            ConnectionVerdict.Apply(row, fault, time.GetUtcNow());
            if (await store.SaveAsync(Worker(row), row, before, before == row.Status ? null : ConnectionVerdict.ActionFor(row.Status), null, endsFlight: true, CancellationToken.None))
            {
                throw fault;
            }
        }
    }

    private async Task<Connection> LoadAsync(Connection seen)
    {
        await using var db = contexts.Create(Worker(seen));
        return await db.Connections.AsNoTracking().FirstOrDefaultAsync(row => row.Id == seen.Id)
            ?? throw new ProviderFault(ProviderFaultKind.GrantEnded, "The connection was removed.");
    }

    private static bool HasOtherCredential(Connection row, byte[]? seen) =>
        row.Credential is null ? throw Gone() : !row.Credential.AsSpan().SequenceEqual(seen);

    private static ProviderFault Gone() => new(ProviderFaultKind.GrantEnded, "The connection was disconnected.");

    private static Actor Worker(Connection connection) => Actor.System("token refresh", connection.OrganizationId);
}
