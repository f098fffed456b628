using System.Globalization;
using Integrations.Core.Security;
using Integrations.Core.Webhooks;
using Integrations.Web.Shared;

namespace Integrations.Web.Webhooks;

/// <summary>What a replay's dialog begins with: the filters of the list from which it was opened, by their values in the address.</summary>
/// <param name="Range">Of <see cref="TimeRange"/>; null for all time.</param>
public sealed record ReplayPrefill(string? Range = null, string? Status = null, string? Type = null);

/// <summary>A replay while it is being chosen.</summary>
public sealed class ReplayForm
{
    public const string AllTime = "all";
    public const string OwnRange = "own";

    public static IReadOnlyList<FilterOption> Ranges { get; } = [.. TimeRange.Options, new(AllTime, "All time"), new(OwnRange, "From a time to another")];

    /// <summary>Those that a replay can choose, with an empty value for all.</summary>
    public static IReadOnlyList<FilterOption> Statuses { get; } =
    [
        new("failed", "Failed"),
        new(ReplayInput.Kept, "Kept while the endpoint was off"),
        new("discarded", "Discarded: kept, skipped or cancelled"),
        new("delivered", "Delivered"),
        new("", "All that have ended"),
        new(ReplayInput.Missing, "Missing: events that it never got"),
    ];

    public string Range { get; set; } = "24h";

    /// <summary>In UTC.</summary>
    public DateTime? From { get; set; }

    /// <inheritdoc cref="From"/>
    public DateTime? To { get; set; }

    public string Status { get; set; } = "";

    /// <summary>Empty for all, as <see cref="EventSelection"/> has it.</summary>
    public IReadOnlyList<string> Types { get; set; } = ["*"];

    public string Rate { get; set; } = "";

    public static ReplayForm For(ReplayPrefill prefill, DateTimeOffset now) => new()
    {
        Range = TimeRange.Start(prefill.Range, now) is null ? AllTime : prefill.Range!,
        Status = Statuses.FirstOrDefault(option => string.Equals(option.Value, prefill.Status, StringComparison.OrdinalIgnoreCase))?.Value ?? "",
        Types = string.IsNullOrWhiteSpace(prefill.Type) ? ["*"] : [prefill.Type.Trim()],
        From = Minute(now.AddDays(-1)),
        // The minute that has begun belongs to it, so that what was made just now does too.
        To = Minute(now.AddMinutes(1)),
    };

    /// <exception cref="Refusal">Something typed is no time or no number, or no type is chosen.</exception>
    public ReplayInput ToInput(DateTimeOffset now)
    {
        Faults faults = new();
        DateTimeOffset? from = Range == AllTime ? DateTimeOffset.UnixEpoch : TimeRange.Start(Range, now);
        DateTimeOffset? to = null;
        if (Range == OwnRange)
        {
            from = Time(From);
            to = Time(To);
            faults.AddIf(from is null, "from", "Give the time from which deliveries are sent again.");
            faults.AddIf(to is null, "to", "Give the time before which deliveries are sent again.");
        }

        int? rate = null;
        if (Rate.Trim().Length > 0)
        {
            rate = int.TryParse(Rate, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            faults.AddIf(rate is null, "ratePerSecond", "Give a whole number from 1 to 1,000, or leave it empty.");
        }

        faults.AddIf(Types.Count == 0, "eventTypes", "Choose at least one event type, or all.");
        faults.ThrowIfAny();
        return new ReplayInput { From = from, To = to, Status = Status.Length == 0 ? null : Status, EventTypes = EventSelection.IsAll(Types) ? null : Types, RatePerSecond = rate };
    }

    private static DateTime Minute(DateTimeOffset time) => time.UtcDateTime.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerMinute));

    private static DateTimeOffset? Time(DateTime? typed) => typed is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
}
