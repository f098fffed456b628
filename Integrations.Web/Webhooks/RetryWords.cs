using System.Globalization;

namespace Integrations.Web.Webhooks;

/// <summary>Retry plans in words, and the words back to a plan: <c>2, 4, 8</c> are seconds, <c>5 min</c> and <c>2 h</c> are read too.</summary>
public static class RetryWords
{
    /// <summary>"5 tries: at once, then after 2 s, 4 s, 8 s and 16 s."</summary>
    public static string Describe(IReadOnlyList<int> delays)
    {
        if (delays.Count == 0)
        {
            return "1 try, at once.";
        }

        var waits = delays.Select(Wait).ToList();
        var list = waits.Count == 1 ? waits[0] : $"{string.Join(", ", waits[..^1])} and {waits[^1]}";
        return $"{delays.Count + 1} tries: at once, then after {list}.";
    }

    /// <summary>The text from which <see cref="Parse"/> reads the same plan.</summary>
    public static string Text(IReadOnlyList<int> delays) => string.Join(", ", delays.Select(Wait));

    /// <returns>The waits in seconds, or null when a part is not a time. No text is no wait: one try.</returns>
    public static IReadOnlyList<int>? Parse(string text)
    {
        List<int> delays = [];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var digits = part.TakeWhile(char.IsAsciiDigit).Count();
            if (!int.TryParse(part[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || Unit(part[digits..].Trim()) is not { } unit || number > int.MaxValue / unit)
            {
                return null;
            }

            delays.Add(number * unit);
        }

        return delays;
    }

    private static string Wait(int seconds) => seconds switch
    {
        _ when seconds >= 3600 && seconds % 3600 == 0 => $"{seconds / 3600} h",
        _ when seconds >= 60 && seconds % 60 == 0 => $"{seconds / 60} min",
        _ => $"{seconds} s",
    };

    private static int? Unit(string word) => word switch
    {
        "" or "s" => 1,
        "m" or "min" => 60,
        "h" => 3600,
        _ => null,
    };
}
