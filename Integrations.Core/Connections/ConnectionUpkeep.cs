using System.Security.Cryptography;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Connections;

/// <summary>Looks after connections by itself: renews tokens ahead of their end, tries again what is degraded, probes once a day, and lets go what was never consented to.</summary>
public sealed class ConnectionUpkeep(
    HubDbContextFactory contexts, ConnectorCatalog catalog, TokenRefresher refresher, ConnectionProbe probe, CredentialVault vault, TimeProvider time, ILogger<ConnectionUpkeep> log)
{
    private const int Lot = 200;
    private const int AtOnce = 8;
    private static readonly Actor _worker = Actor.System("connection upkeep");
    private static readonly TimeSpan _kept = TimeSpan.FromDays(1);

    /// <returns>Connections that were looked at.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await LetGoAsync(cancellationToken);
        var total = 0;
        while (true)
        {
            var due = await DueAsync(cancellationToken);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, LookAtAsync);
            total += due.Count;
            if (due.Count < Lot)
            {
                return total;
            }
        }
    }

    private async Task<List<Connection>> DueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = contexts.Create(_worker);
        return await db.Connections.AsNoTracking().Where(row => row.CheckAt != null && row.CheckAt <= now && row.Status != ConnectionStatus.Pending)
            .OrderBy(row => row.CheckAt).Take(Lot).ToListAsync(cancellationToken);
    }

    private async ValueTask LookAtAsync(Connection connection, CancellationToken cancellationToken)
    {
        var actor = Actor.System("connection upkeep", connection.OrganizationId);
        try
        {
            if (IsRefreshDue(connection))
            {
                await refresher.RefreshAsync(connection, cancellationToken);
            }

            // Tokens that live for less than a day are renewed at every look, so the first look of a day asks the provider too.
            if (!IsRefreshDue(connection) || connection.LastOkAt is not { } last || last.UtcDateTime.Date < time.GetUtcNow().UtcDateTime.Date)
            {
                await probe.RunAsync(actor, connection.Id, cancellationToken);
            }
        }
        catch (ProviderFault)
        {
            // The connection's status tells it, and when it is tried again.
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One that cannot be looked at must not be asked for at once again, for ever.
            ConnectionLog.UpkeepFailed(log, PublicId.Format(PublicId.Connection, connection.Id), exception);
            await PutOffAsync(actor, connection.Id);
        }
    }

    private bool IsRefreshDue(Connection connection)
    {
        if (connection.ExpiresAt is not { } expiry || catalog.Find(connection.Provider) is not { OAuth: { } renewal } connector || connection.Credential is null)
        {
            return false;
        }

        try
        {
            return ConnectionSchedule.IsRefreshDue(renewal, expiry, time.GetUtcNow()) && connector.CanRefresh(vault.OpenCredential(connection));
        }
        catch (CryptographicException)
        {
            // The probe finds that out too, and says so.
            return false;
        }
    }

    private async Task PutOffAsync(Actor actor, Guid id)
    {
        await using var db = contexts.Create(actor);
        var later = time.GetUtcNow() + TimeSpan.FromHours(1);
        await db.Connections.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.CheckAt, later));
    }

    private async Task LetGoAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = TimeOrderedId.LowestAt(now - _kept);
        await using var db = contexts.Create(_worker);
        await db.Connections.Where(row => row.Status == ConnectionStatus.Pending && row.CheckAt != null && row.CheckAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.Consents.Where(row => row.Id.CompareTo(oldest) < 0).ExecuteDeleteAsync(cancellationToken);
        await db.ConnectionStarts.Where(row => row.Id.CompareTo(oldest) < 0).ExecuteDeleteAsync(cancellationToken);
    }
}
