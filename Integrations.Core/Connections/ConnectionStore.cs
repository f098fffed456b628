using System.Text.Json;
using Integrations.Core.Audit;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Connections;

/// <summary>Writes a changed connection with the audit entry and the event that tell of it, all or nothing.</summary>
public sealed class ConnectionStore(IGroupWriter writer, EventPublisher publisher, AuditLog audit, TimeProvider time, ILogger<ConnectionStore> log)
{
    private const string Source = "connections";

    private const string SaveSql =
        """
        UPDATE "Connections" SET "Name" = $1, "Status" = $2, "StatusReason" = $3, "StatusSince" = $4, "AuthMode" = $5, "AccountId" = $6, "AccountName" = $7, "Permissions" = $8,
          "Scopes" = $9, "Facts" = $10, "ProviderSettings" = $11, "Credential" = $12, "ExpiresAt" = $13, "CheckAt" = $14, "Failures" = $15, "ConnectedAt" = $16,
          "DisconnectedAt" = $17, "LastOkAt" = $18, "UpdatedAt" = $19, "Settings" = $20, "Version" = "Version" + 1,
          "LeaseOwner" = CASE WHEN $24 = 1 THEN NULL ELSE "LeaseOwner" END, "LeaseUntil" = CASE WHEN $24 = 1 THEN NULL ELSE "LeaseUntil" END
        WHERE "Id" = $21 AND "OrganizationId" = $22 AND "Version" = $23
        """;

    /// <summary>Saves a connection that was read and changed.</summary>
    /// <param name="before">The status as it was read: another one is told by an event.</param>
    /// <param name="action">The audit entry's action, or null for a change that is none of a person's business, such as a refresh.</param>
    /// <param name="endsFlight">Whether a refresh under way is over or of no use any more. Without it others could begin a second one with the same refresh token.</param>
    /// <returns>False when it was changed by somebody else meanwhile; nothing was saved then.</returns>
    internal async Task<bool> SaveAsync(
        Actor actor, Connection connection, ConnectionStatus before, string? action, object? snapshotBefore, bool endsFlight, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        connection.UpdatedAt = now;
        if (connection.Status != before)
        {
            connection.StatusSince = now;
        }

        if (connection.StatusReason?.Length > Connection.MaxReasonLength)
        {
            connection.StatusReason = connection.StatusReason[..(Connection.MaxReasonLength - 1)] + "…";
        }

        var saved = await writer.WriteAsync(
            async session =>
            {
                if (await session.ExecuteAsync(SaveSql, bind => Bind(bind, connection).Add(endsFlight ? 1L : 0L)) == 0)
                {
                    return false;
                }

                var id = PublicId.Format(PublicId.Connection, connection.Id);
                if (action is not null)
                {
                    await audit.AddAsync(session, actor, connection.OrganizationId, action, id, connection.Name, snapshotBefore, Snapshot(connection));
                }

                if (connection.Status != before && EventFor(before, connection.Status) is { } type)
                {
                    await publisher.PublishAsync(session, connection.OrganizationId, Source, new NewEvent(type, EventData(connection, id)));
                }

                session.SignalAfterCommit(new HubSignal(HubSignalKind.ConnectionsChanged, connection.OrganizationId));
                return true;
            },
            cancellationToken);
        if (saved)
        {
            connection.Version++;
            if (connection.Status != before)
            {
                ConnectionLog.StatusChanged(log, PublicId.Format(PublicId.Connection, connection.Id), connection.Status);
            }
        }

        return saved;
    }

    /// <summary>What the audit log shows of a connection; never its credential.</summary>
    internal static object Snapshot(Connection connection) => new
    {
        connection.Provider,
        connection.Name,
        connection.Status,
        connection.StatusReason,
        connection.AuthMode,
        Account = connection.AccountName,
        Permissions = connection.Permissions.ToArray(),
        Settings = connection.ProviderSettings.ToDictionary(StringComparer.Ordinal),
    };

    private static string? EventFor(ConnectionStatus before, ConnectionStatus now) => now switch
    {
        ConnectionStatus.Connected => before is ConnectionStatus.Pending or ConnectionStatus.Disconnected ? "connection.created" : "connection.recovered",
        ConnectionStatus.Degraded or ConnectionStatus.ConfigurationError => "connection.degraded",
        ConnectionStatus.NeedsAuthorization => "connection.needs_authorization",
        ConnectionStatus.Disconnected => "connection.disconnected",
        _ => null,
    };

    private static byte[] EventData(Connection connection, string id) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        connectionId = id,
        provider = connection.Provider,
        status = JsonNamingPolicy.SnakeCaseLower.ConvertName(connection.Status.ToString()),
        reason = connection.StatusReason,
    });

    private static ParameterBinder Bind(ParameterBinder bind, Connection connection) => bind
        .Add(connection.Name).Add((long)connection.Status).Add(connection.StatusReason).Add(connection.StatusSince).Add((long)connection.AuthMode).Add(connection.AccountId)
        .Add(connection.AccountName).Add(JsonSerializer.Serialize(connection.Permissions)).Add(JsonSerializer.Serialize(connection.Scopes)).Add(JsonSerializer.Serialize(connection.Facts))
        .Add(JsonSerializer.Serialize(connection.ProviderSettings)).Add(connection.Credential).Add(connection.ExpiresAt).Add(connection.CheckAt).Add((long)connection.Failures)
        .Add(connection.ConnectedAt).Add(connection.DisconnectedAt).Add(connection.LastOkAt).Add(connection.UpdatedAt).Add(JsonSerializer.Serialize(connection.Settings))
        .Add(connection.Id).Add(connection.OrganizationId).Add(connection.Version);
}
