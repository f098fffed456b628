using Integrations.Core.Connections;
using Quartz;

namespace Integrations.Core.Sync;

/// <summary>When a connection's syncs run, from its setting <c>syncFrequency</c>.</summary>
public static class SyncFrequency
{
    /// <summary>The words of the setting beside cron expressions, with what pages call them.</summary>
    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["off"] = "Only by hand",
        ["15min"] = "Every 15 minutes",
        ["hourly"] = "Every hour",
        ["daily"] = "Every day",
        ["weekly"] = "Every week",
    };

    /// <summary>The cron expression (Quartz's, with seconds) of a setting; null for off.</summary>
    /// <param name="connectionId">Spreads the connections of one hub over the hour, so that not all ask their providers at once.</param>
    public static string? ToCron(string? setting, Guid connectionId)
    {
        var minute = (connectionId.ToByteArray()[15] & 0x7F) % 60;
        return setting switch
        {
            null or "" or "off" => null,
            "15min" => $"0 {minute % 15}/15 * * * ?",
            "hourly" => $"0 {minute} * * * ?",
            "daily" => $"0 {minute} 2 * * ?",
            "weekly" => $"0 {minute} 2 ? * SUN",
            _ => setting,
        };
    }

    /// <summary>Whether it is one of the words or a cron expression.</summary>
    public static bool IsValid(string setting) => Words.ContainsKey(setting) || (setting.Length <= 100 && CronExpression.TryParse(setting, out _));

    /// <summary>The next times at which a connection with these settings syncs.</summary>
    public static IReadOnlyList<DateTimeOffset> Next(IReadOnlyDictionary<string, string> settings, Guid connectionId, DateTimeOffset after, int count) =>
        Next(settings.GetValueOrDefault(ConnectionSettings.SyncFrequency), settings.GetValueOrDefault(ConnectionSettings.TimeZone), connectionId, after, count);

    /// <param name="timeZone">By whose clock; UTC when null or unknown.</param>
    public static IReadOnlyList<DateTimeOffset> Next(string? setting, string? timeZone, Guid connectionId, DateTimeOffset after, int count)
    {
        List<DateTimeOffset> times = [];
        if (ToCron(setting, connectionId) is not { } cron || !CronExpression.TryParse(cron, out var parsed))
        {
            return times;
        }

        var expression = parsed.WithTimeZone(ScheduleZone.Of(timeZone));
        while (times.Count < count && expression.GetNextValidTimeAfter(after) is { } next)
        {
            times.Add(next);
            after = next;
        }

        return times;
    }
}
