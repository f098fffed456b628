namespace Integrations.Core.Connections;

/// <summary>The settings that every connection has, beside its connector's own: their names, and what they may be.</summary>
public static class ConnectionSettings
{
    /// <summary>When syncs run: <c>off</c>, <c>15min</c>, <c>hourly</c>, <c>daily</c>, <c>weekly</c> or a cron expression.</summary>
    public const string SyncFrequency = "syncFrequency";

    /// <summary>By whose clock they run at two at night, or as a cron expression says: a name of the IANA time zone database.</summary>
    public const string TimeZone = "timeZone";

    /// <summary>The data types to sync, separated by commas; all when empty.</summary>
    public const string DataTypes = "dataTypes";

    /// <summary><c>in</c>, <c>out</c> or <c>both</c>.</summary>
    public const string Direction = "direction";

    /// <summary>Whose change counts when both sides changed: <c>newest</c>, <c>provider</c> or <c>platform</c>.</summary>
    public const string ConflictPolicy = "conflictPolicy";

    /// <summary>The address that the provider is told to call; the hub's own unless a proxy stands before it.</summary>
    public const string WebhookUrl = "webhookUrl";

    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [SyncFrequency] = "off",
        [TimeZone] = ScheduleZone.Utc,
        [DataTypes] = "",
        [Direction] = "both",
        [ConflictPolicy] = "newest",
        [WebhookUrl] = "",
    };

    /// <summary>Words that a setting may be; null where it may be more than words.</summary>
    public static IReadOnlyList<string>? WordsOf(string name) => name switch
    {
        Direction => ["in", "out", "both"],
        ConflictPolicy => ["newest", "provider", "platform"],
        _ => null,
    };
}
