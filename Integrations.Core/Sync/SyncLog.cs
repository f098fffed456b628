using Microsoft.Extensions.Logging;

namespace Integrations.Core.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(6001, LogLevel.Information, "Sync run {RunId} with {Provider} ended as {Status} after {Count} rows", EventName = "SyncRunEnded")]
    public static partial void RunEnded(ILogger logger, string runId, string provider, SyncStatus status, int count);

    [LoggerMessage(6002, LogLevel.Warning, "Sync run {RunId} went to another node", EventName = "SyncRunLost")]
    public static partial void RunLost(ILogger logger, string runId);

    [LoggerMessage(6003, LogLevel.Error, "Sync run {RunId} broke off and is tried again", EventName = "SyncRunBroke")]
    public static partial void RunBroke(ILogger logger, string runId, Exception exception);

    [LoggerMessage(6004, LogLevel.Error, "Sync runs cannot be taken up", EventName = "SyncRunnerFailed")]
    public static partial void RunnerFailed(ILogger logger, Exception exception);

    [LoggerMessage(6005, LogLevel.Warning, "The schedule of connection {ConnectionId} started no sync: {Reason}", EventName = "SyncScheduleSkipped")]
    public static partial void ScheduleSkipped(ILogger logger, Guid connectionId, string reason);

    [LoggerMessage(6006, LogLevel.Error, "Sync schedules cannot be set", EventName = "SyncSchedulesFailed")]
    public static partial void SchedulesFailed(ILogger logger, Exception exception);
}
