using Microsoft.Extensions.Logging;

namespace Integrations.Core.Jobs;

internal static partial class JobLog
{
    [LoggerMessage(5001, LogLevel.Information, "Retention deleted {Count} rows", EventName = "RetentionDone")]
    public static partial void RetentionDone(ILogger logger, int count);
}
