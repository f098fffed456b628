using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>The one row of an organization for a provider: found, or made as a pending one.</summary>
public sealed class ConnectionRows(HubDbContextFactory contexts, TimeProvider time)
{
    internal async Task<Connection> TakeAsync(Actor actor, Guid organization, Connector connector, AuthMode mode, string? name, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        if (await FindAsync() is { } found)
        {
            return found;
        }

        var now = time.GetUtcNow();
        Connection row = new()
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organization,
            Provider = connector.Info.Key,
            Name = name?.Trim() ?? connector.Info.Name,
            Status = ConnectionStatus.Pending,
            StatusSince = now,
            AuthMode = mode,
            CheckAt = now + ConnectionSchedule.PendingLife,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Connections.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return row;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody else began at the same moment.
            return await FindAsync() ?? throw Refusal.Conflict(null, $"{connector.Info.Name} is being connected by somebody else. Try again.");
        }

        Task<Connection?> FindAsync() => db.Connections.AsNoTracking().FirstOrDefaultAsync(connection => connection.Provider == connector.Info.Key, cancellationToken);
    }

    /// <summary>Whether a connection has an account and this is another one.</summary>
    internal static bool IsOtherAccount(Connection row, string accountId) =>
        row.Status is not (ConnectionStatus.Pending or ConnectionStatus.Disconnected) && row.AccountId.Length > 0 && accountId.Length > 0 && row.AccountId != accountId;

    internal static void MarkConnected(Connection row, ProviderAccount account, OAuthMethod? renewal, DateTimeOffset now)
    {
        (row.Status, row.StatusReason, row.Failures, row.LastOkAt) = (ConnectionStatus.Connected, null, 0, now);
        row.ConnectedAt = now;
        row.DisconnectedAt = null;
        row.AccountId = account.Id;
        row.AccountName = account.Name;
        row.CheckAt = ConnectionSchedule.AfterSuccess(row.AuthMode, renewal, row.ExpiresAt, now);
    }

    internal static string ActionFor(ConnectionStatus before) => before == ConnectionStatus.Pending ? "connection.created" : "connection.reconnected";

    internal static Dictionary<string, string> Merge(params ReadOnlySpan<IReadOnlyDictionary<string, string>> parts)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            foreach (var (name, value) in part)
            {
                all[name] = value;
            }
        }

        return all;
    }
}
