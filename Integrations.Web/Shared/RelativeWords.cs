using System.Globalization;
using Humanizer;

namespace Integrations.Web.Shared;

/// <summary>"2 min ago": Humanizer's words with the short units that fit a table cell.</summary>
public static class RelativeWords
{
    private static readonly CultureInfo _english = CultureInfo.GetCultureInfo("en");

    /// <summary>The time itself with its zone, for a tooltip.</summary>
    public static string Exact(DateTimeOffset value) => value.ToUniversalTime().ToString("d MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"In 8 s" for what is still to come, "Now" for what is due. A second that has begun counts whole, so that it never says 0.</summary>
    public static string Until(DateTimeOffset value, DateTimeOffset now) =>
        value <= now ? "Now" : Describe(now + TimeSpan.FromSeconds(Math.Ceiling((value - now).TotalSeconds)), now);

    public static string Describe(DateTimeOffset value, DateTimeOffset now)
    {
        var distance = (now - value).Duration();
        if (value <= now && distance < TimeSpan.FromSeconds(30))
        {
            return "Just now";
        }

        var words = distance.Humanize(precision: 1, culture: _english, maxUnit: Humanizer.Localisation.TimeUnit.Year)
            .Replace(" minutes", " min", StringComparison.Ordinal)
            .Replace(" minute", " min", StringComparison.Ordinal)
            .Replace(" seconds", " s", StringComparison.Ordinal)
            .Replace(" second", " s", StringComparison.Ordinal);
        return value <= now ? $"{words} ago" : $"In {words}";
    }
}
