using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks;

internal static partial class WebhookLog
{
    [LoggerMessage(2001, LogLevel.Error, "The webhook dispatcher met an error; it goes on", EventName = "DispatcherFailed")]
    public static partial void DispatcherFailed(ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Error, "The try of delivery {DeliveryId} ended in an error of the hub; it will be made again", EventName = "SendFailed")]
    public static partial void SendFailed(ILogger logger, string deliveryId, Exception exception);

    [LoggerMessage(2004, LogLevel.Error, "The secrets of webhook endpoint {EndpointId} cannot be opened; nothing is delivered to it", EventName = "EndpointNotOpened")]
    public static partial void EndpointNotOpened(ILogger logger, string endpointId, Exception exception);

    [LoggerMessage(2005, LogLevel.Error, "The outcome of a try of delivery {DeliveryId} cannot be written and is given up; it will be made again when its lease ends", EventName = "OutcomeGivenUp")]
    public static partial void OutcomeGivenUp(ILogger logger, string deliveryId, Exception exception);

    [LoggerMessage(2006, LogLevel.Warning, "The counts for the charts of webhook endpoints could not be written; they are kept until they can be", EventName = "StatisticsNotWritten")]
    public static partial void StatisticsNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(2020, LogLevel.Warning, "The filter of webhook endpoint {EndpointId} cannot be read, so the endpoint gets every event that it subscribed to: {Fault}", EventName = "FilterNotRead")]
    public static partial void FilterNotRead(ILogger logger, string endpointId, string fault);

    [LoggerMessage(2021, LogLevel.Warning, "The filter of webhook endpoint {EndpointId} cannot be evaluated for an event of type {EventType}; the event is delivered", EventName = "FilterNotEvaluated")]
    public static partial void FilterNotEvaluated(ILogger logger, string endpointId, string eventType, Exception exception);

    [LoggerMessage(2003, LogLevel.Error, "The outcomes of {Count} tries could not be written; trying again in a second", EventName = "OutcomesNotWritten")]
    public static partial void OutcomesNotWritten(ILogger logger, int count, Exception exception);

    [LoggerMessage(2011, LogLevel.Error, "The runner of webhook replays met an error; it goes on", EventName = "ReplayRunnerFailed")]
    public static partial void ReplayRunnerFailed(ILogger logger, Exception exception);
}
