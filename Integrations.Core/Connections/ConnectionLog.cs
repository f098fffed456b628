using Microsoft.Extensions.Logging;

namespace Integrations.Core.Connections;

internal static partial class ConnectionLog
{
    [LoggerMessage(6001, LogLevel.Warning, "Connection {ConnectionId} could not be looked at", EventName = "UpkeepFailed")]
    public static partial void UpkeepFailed(ILogger logger, string connectionId, Exception exception);

    [LoggerMessage(6002, LogLevel.Information, "Connection {ConnectionId} is now {Status}", EventName = "ConnectionStatusChanged")]
    public static partial void StatusChanged(ILogger logger, string connectionId, ConnectionStatus status);

    [LoggerMessage(6003, LogLevel.Warning, "A consent for {Provider} was rejected: {Reason}", EventName = "ConsentRejected")]
    public static partial void ConsentRejected(ILogger logger, string provider, string reason);

    [LoggerMessage(6004, LogLevel.Warning, "The grant of connection {ConnectionId} was not revoked at the provider: {Reason}", EventName = "NotRevoked")]
    public static partial void NotRevoked(ILogger logger, string connectionId, string reason);

    [LoggerMessage(6005, LogLevel.Warning, "Counts of provider calls could not be written; they are kept and tried again", EventName = "CallsNotWritten")]
    public static partial void CallsNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(6006, LogLevel.Error, "The secret of the OAuth client for {Provider} cannot be opened any more; it has to be entered again", EventName = "ClientUnreadable")]
    public static partial void ClientUnreadable(ILogger logger, string provider, Exception exception);
}
