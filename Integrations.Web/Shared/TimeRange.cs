namespace Integrations.Web.Shared;

/// <summary>The time ranges of list filters, by the values that stand in the address.</summary>
public static class TimeRange
{
    public const string Parameter = "range";

    private static readonly Dictionary<string, TimeSpan> _spans = new(StringComparer.Ordinal)
    {
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromDays(1),
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
    };

    public static IReadOnlyList<FilterOption> Options { get; } =
    [
        new("1h", "Last hour"),
        new("24h", "Last 24 hours"),
        new("7d", "Last 7 days"),
        new("30d", "Last 30 days"),
    ];

    /// <returns>When the range began, or null for all time and for what is no range.</returns>
    public static DateTimeOffset? Start(string? range, DateTimeOffset now) => range is not null && _spans.TryGetValue(range, out var span) ? now - span : null;
}
