namespace Integrations.Web.Shared;

internal static partial class ShellLog
{
    [LoggerMessage(EventId = 1000, EventName = "ListLoadFailed", Level = LogLevel.Error, Message = "A list could not be loaded, request {RequestId}")]
    public static partial void ListLoadFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(EventId = 1001, EventName = "PageFailed", Level = LogLevel.Error, Message = "A page failed, request {RequestId}")]
    public static partial void PageFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(EventId = 1002, EventName = "LoadFailed", Level = LogLevel.Error, Message = "A part of a page could not be loaded, request {RequestId}")]
    public static partial void LoadFailed(ILogger logger, string requestId, Exception exception);
}
