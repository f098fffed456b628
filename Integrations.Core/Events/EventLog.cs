using Microsoft.Extensions.Logging;

namespace Integrations.Core.Events;

internal static partial class EventLog
{
    [LoggerMessage(2101, LogLevel.Warning, "The schema of the event type {EventType} cannot be read, so its events are not checked: {Fault}", EventName = "SchemaNotRead")]
    public static partial void SchemaNotRead(ILogger logger, string eventType, string fault);
}
