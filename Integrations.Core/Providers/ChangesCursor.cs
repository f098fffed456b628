using System.Globalization;

namespace Integrations.Core.Providers;

/// <summary>
/// The place in a list that is read in the order of change: each page begins at the time of the last row before, so that nothing is skipped when rows are changed or deleted meanwhile, as
/// places alone would.
/// </summary>
/// <param name="Since">Rows that changed at or after are asked for.</param>
/// <param name="Place">Where the page begins among them: moved on only while more rows than a page holds share one second.</param>
internal sealed record ChangesCursor(DateTimeOffset Since, int Place)
{
    /// <param name="first">The provider's first place.</param>
    public static ChangesCursor Of(ReadRequest request, int first) =>
        request.Cursor?.Split(':') is [var seconds, var place]
            ? new ChangesCursor(DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)), int.Parse(place, CultureInfo.InvariantCulture))
            : new ChangesCursor(request.Since ?? DateTimeOffset.UnixEpoch, first);

    /// <summary>Whether everything is asked for.</summary>
    public bool IsFromStart => Since <= DateTimeOffset.UnixEpoch;

    /// <summary>Where the next page begins.</summary>
    /// <param name="last">When the last row of this one changed.</param>
    /// <param name="step">How far the place moves with a page.</param>
    /// <param name="margin">For providers of which it is not known whether they mean at or after.</param>
    public string After(DateTimeOffset? last, int first, int step, TimeSpan margin = default)
    {
        var (from, now) = ((last - margin)?.ToUnixTimeSeconds(), Since.ToUnixTimeSeconds());
        return from > now ? $"{from.Value.ToString(CultureInfo.InvariantCulture)}:{first}" : $"{now.ToString(CultureInfo.InvariantCulture)}:{Place + step}";
    }
}
