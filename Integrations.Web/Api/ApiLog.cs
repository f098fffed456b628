namespace Integrations.Web.Api;

internal static partial class ApiLog
{
    [LoggerMessage(4001, LogLevel.Error, "{Method} {Endpoint} failed (request {RequestId})", EventName = "ApiFailed")]
    public static partial void Failed(ILogger logger, string method, string endpoint, string requestId, Exception exception);

    [LoggerMessage(4002, LogLevel.Warning, "{Method} {Endpoint} found no database ({Reason})", EventName = "DatabaseAway")]
    public static partial void DatabaseAway(ILogger logger, string method, string endpoint, string reason);
}
