using System.Globalization;
using Integrations.Core.Webhooks;
using Integrations.Web.Shared;

namespace Integrations.Web.Webhooks;

/// <summary>Replays in words.</summary>
public static class ReplayWords
{
    /// <summary>"Failed deliveries of invoice.paid".</summary>
    public static string What(ReplayRow row)
    {
        var what = row switch
        {
            { Target: ReplayTarget.Ended } => "All deliveries",
            { Target: ReplayTarget.Missing } => "Missing events",
            { Target: var target } => $"{target} deliveries",
        };
        return row.EventTypes.Count == 0 ? what : $"{what} of {string.Join(", ", row.EventTypes)}";
    }

    /// <summary>"Created from 20 Nov 2026 10:00:00 UTC to 21 Nov 2026 10:00:00 UTC".</summary>
    public static string When(ReplayRow row) => row.From == DateTimeOffset.UnixEpoch
        ? $"Created before {RelativeWords.Exact(row.To)}"
        : $"Created from {RelativeWords.Exact(row.From)} to {RelativeWords.Exact(row.To)}";

    /// <summary>"1,200 of 5,000 sent, 3 failed".</summary>
    public static string Progress(ReplayRow row)
    {
        if (row.Total == 0)
        {
            return "Nothing matched";
        }

        List<string> parts = [row.Status == ReplayStatus.Completed ? $"{Number(row.Done)} sent" : $"{Number(row.Done)} of {Number(row.Total)} sent"];
        if (row.Failed > 0)
        {
            parts.Add($"{Number(row.Failed)} failed");
        }

        if (row.Discarded > 0)
        {
            parts.Add($"{Number(row.Discarded)} discarded");
        }

        return string.Join(", ", parts);
    }

    /// <summary>"48 a second, about 2 min left"; null while there is nothing to say.</summary>
    public static string? Pace(ReplayRow row)
    {
        var limit = row.RatePerSecond is { } rate ? $"At most {Number(rate)} a second" : null;
        if (row is not { PerSecond: { } pace, RemainingSeconds: { } seconds })
        {
            return limit;
        }

        var now = pace.ToString(pace < 10 ? "0.#" : "N0", CultureInfo.CurrentCulture);
        return $"{now} a second{(row.RatePerSecond is { } most ? $" of at most {Number(most)}" : "")}, about {Left(seconds)} left";
    }

    /// <summary>What a dialog says of its choice before it starts.</summary>
    public static string Matches(ReplayCount? count, bool isMissing) => (count, isMissing) switch
    {
        (null, _) => "",
        ({ Matched: 0, IsWhole: true }, false) => "No delivery matches. Choose a longer time or another status.",
        ({ Matched: 0, IsWhole: true }, true) => "No event is missing: the endpoint has a delivery for every one that it wants.",
        ({ Matched: 1, IsWhole: true }, false) => "1 delivery matches.",
        ({ Matched: 1, IsWhole: true }, true) => "1 event matches.",
        ({ } some, _) => $"{(some.IsWhole ? "" : "More than ")}{Number(some.Matched)} {(isMissing ? "events" : "deliveries")} match.",
    };

    /// <summary>What an endpoint's page says of deliveries that were kept.</summary>
    public static string Kept(int count) => count switch
    {
        1 => "1 event was kept while this endpoint was off.",
        >= WebhookQueries.MaxKept => $"{Number(WebhookQueries.MaxKept)}+ events were kept while this endpoint was off.",
        _ => $"{Number(count)} events were kept while this endpoint was off.",
    };

    /// <summary>What follows when a replay is cancelled.</summary>
    public static string Cancelling(ReplayRow row) =>
        $"{Number(row.Done)} of {Number(row.Total)} were sent. Those in the queue that were not tried yet are discarded; those that it has not reached stay as they are.";

    private static string Left(int seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3_600 => $"{(seconds + 59) / 60} min",
        < 86_400 => $"{seconds / 3_600} h {seconds % 3_600 / 60} min",
        _ => $"{seconds / 86_400} d {seconds % 86_400 / 3_600} h",
    };

    private static string Number(int number) => number.ToString("N0", CultureInfo.CurrentCulture);
}
