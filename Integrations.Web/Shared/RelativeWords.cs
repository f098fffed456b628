using System.Globalization;
using Humanizer;

namespace Integrations.Web.Shared;

/// <summary>"2 min ago": Humanizer's words with the short units that fit a table cell.</summary>
public static class RelativeWords
{
    private static readonly CultureInfo _english = CultureInfo.GetCultureInfo("en");

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
