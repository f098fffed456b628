namespace Integrations.Core.Connections;

/// <summary>The time zones by which schedules can count, by their names of the IANA time zone database: <c>Asia/Kuala_Lumpur</c>.</summary>
public static class ScheduleZone
{
    public const string Utc = "UTC";

    private const int MaxLength = 64;

    /// <summary>Those that this machine knows, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(IanaName).OfType<string>().Append(Utc).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // In another case a name is found only where it was used before.
    public static bool IsKnown(string name) => name.Length <= MaxLength && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && zone.Id == name;

    /// <summary>The zone of a name; UTC for none, and for one that this machine does not know.</summary>
    public static TimeZoneInfo Of(string? name) => name is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private static string? IanaName(TimeZoneInfo zone) => zone.HasIanaId ? zone.Id : TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var name) ? name : null;
}
