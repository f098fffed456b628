using System.Security.Cryptography;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>What trying a connection came to.</summary>
/// <param name="Message">In a sentence: whose account it opens, or why it does not.</param>
public sealed record ConnectionTestResult(bool Ok, string Message, double Milliseconds);

/// <summary>Tries a connection with its connector's cheap request and writes down how it fares.</summary>
public sealed class ConnectionProbe(HubDbContextFactory contexts, ProviderGateway gateway, ConnectionStore store, CredentialVault vault, TimeProvider time)
{
    /// <param name="actor">Who tries it.</param>
    /// <exception cref="Refusal">The connection is not there, or has nothing to try.</exception>
    internal async Task<ConnectionTestResult> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var seen = await LoadAsync(actor, id, cancellationToken);
        if (WhyUnreadable(seen) is { } unreadable)
        {
            await FailAsync(actor, seen, unreadable);
            return new ConnectionTestResult(false, unreadable.Message, 0);
        }

        var session = gateway.Open(seen, TimeSpan.FromSeconds(5));
        var start = time.GetTimestamp();
        try
        {
            var account = await session.Connector.TestAsync(session, cancellationToken);
            var took = time.GetElapsedTime(start);
            await SucceedAsync(actor, id, session, account);
            return new ConnectionTestResult(true, $"{session.Connector.Info.Name} answers for {(account.Name.Length > 0 ? account.Name : "the account")}.", took.TotalMilliseconds);
        }
        catch (ProviderFault fault)
        {
            var took = time.GetElapsedTime(start);
            await FailAsync(actor, seen, fault);
            return new ConnectionTestResult(false, fault.Message, took.TotalMilliseconds);
        }
    }

    // Whatever is stored, nobody can open it any more: that is as good as an ended consent.
    private ProviderFault? WhyUnreadable(Connection connection)
    {
        try
        {
            _ = vault.OpenCredential(connection);
            return null;
        }
        catch (CryptographicException exception)
        {
            return new ProviderFault(ProviderFaultKind.GrantEnded, "The stored credential cannot be opened any more. Connect again.", cause: exception);
        }
    }

    private async Task SucceedAsync(Actor actor, Guid id, ProviderSession session, ProviderAccount account)
    {
        while (true)
        {
            // The call may have renewed the credential, so the row is read anew.
            var row = await LoadAsync(actor, id, CancellationToken.None);
            if (row.Credential is null || row.Status == ConnectionStatus.Disconnected)
            {
                return;
            }

            var before = row.Status;
            var now = time.GetUtcNow();
            (row.Status, row.StatusReason, row.Failures, row.LastOkAt) = (ConnectionStatus.Connected, null, 0, now);
            row.AccountName = account.Name.Length > 0 ? account.Name : row.AccountName;
            foreach (var (name, value) in account.Facts)
            {
                row.Facts[name] = value;
            }

            row.CheckAt = ConnectionSchedule.AfterSuccess(row.AuthMode, session.Connector.CanRefresh(session.Credential) ? session.Connector.OAuth : null, row.ExpiresAt, now);
            if (await store.SaveAsync(actor, row, before, before == ConnectionStatus.Connected ? null : "connection.recovered", null, endsFlight: false, CancellationToken.None))
            {
                return;
            }
        }
    }

    private async Task FailAsync(Actor actor, Connection seen, ProviderFault fault)
    {
        while (true)
        {
            var row = await LoadAsync(actor, seen.Id, CancellationToken.None);
            // What the gateway or a refresh has written already says more; but a refresh that worked says nothing of a provider that does not answer.
            if (row.Credential is null || row.Status == ConnectionStatus.Disconnected || (row.Version != seen.Version && !(fault.IsTransient && row.Status == ConnectionStatus.Connected)))
            {
                return;
            }

            var before = row.Status;
            ConnectionVerdict.Apply(row, fault, time.GetUtcNow());
            if (await store.SaveAsync(actor, row, before, before == row.Status ? null : ConnectionVerdict.ActionFor(row.Status), null, endsFlight: false, CancellationToken.None))
            {
                return;
            }
        }
    }

    private async Task<Connection> LoadAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        return await db.Connections.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The connection");
    }
}
