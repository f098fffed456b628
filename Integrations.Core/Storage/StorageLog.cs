using Microsoft.Extensions.Logging;

namespace Integrations.Core.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(1001, LogLevel.Information, "The database has {Count} pending migrations; applying them", EventName = "MigrationsPending")]
    public static partial void MigrationsPending(ILogger logger, int count);

    [LoggerMessage(1002, LogLevel.Warning, "The connection for signals between nodes was lost ({Reason}); polling until it is back", EventName = "SignalRelayLost")]
    public static partial void SignalRelayLost(ILogger logger, string reason);

    [LoggerMessage(1006, LogLevel.Warning, "{Count} signals could not be sent to the other nodes ({Reason}); they poll", EventName = "SignalsNotSent")]
    public static partial void SignalsNotSent(ILogger logger, int count, string reason);

    [LoggerMessage(1005, LogLevel.Error, "A lot of {Count} writes failed and was undone", EventName = "LotFailed")]
    public static partial void LotFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(1003, LogLevel.Warning, "INTEGRATIONS_MASTER_KEY is not set: the key ring lies unencrypted in {Directory}. Set it to encrypt the ring", EventName = "NoMasterKey")]
    public static partial void NoMasterKey(ILogger logger, string directory);

    [LoggerMessage(1004, LogLevel.Information, "The key ring was moved into the database, encrypted with the master key", EventName = "KeyRingMoved")]
    public static partial void KeyRingMoved(ILogger logger);
}
