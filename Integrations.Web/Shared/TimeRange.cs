namespace Integrations.Web.Shared;

/// <summary>The time ranges by which lists filter; a range moves with the clock.</summary>
public static class TimeRange
{
    public const string Parameter = "range";

    private static readonly Dictionary<string, TimeSpan> _lengths = new(StringComparer.Ordinal)
    {
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromHours(24),
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

    /// <summary>Where a range begins; null for none and for what is no range.</summary>
    public static DateTimeOffset? From(string? range, DateTimeOffset now) =>
        range is not null && _lengths.TryGetValue(range, out var length) ? now - length : null;
}
