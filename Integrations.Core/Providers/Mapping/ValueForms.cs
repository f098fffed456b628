using System.Globalization;
using System.Text.RegularExpressions;

namespace Integrations.Core.Providers.Mapping;

/// <summary>The forms in which providers write dates and amounts.</summary>
public static partial class ValueForms
{
    // Above this a number counts milliseconds: as seconds it would be the year 5138.
    private const long MostSeconds = 100_000_000_000;

    private static readonly HashSet<string> _noDecimals = new(StringComparer.OrdinalIgnoreCase)
    {
        "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
    };

    private static readonly HashSet<string> _threeDecimals = new(StringComparer.OrdinalIgnoreCase) { "BHD", "JOD", "KWD", "OMR", "TND" };

    /// <summary>Reads a moment in any of the forms of <see cref="FieldTransform.Date"/>; null when it is none.</summary>
    public static DateTimeOffset? ReadTime(string text)
    {
        text = text.Trim();
        if (MicrosoftDate().Match(text) is { Success: true } match)
        {
            return FromNumber(long.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture), isMilliseconds: true);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && (text.Length != 8 || number < 19_000_101)
            ? FromNumber(number, Math.Abs(number) >= MostSeconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
            : DateTimeOffset.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day
            : null;
    }

    /// <summary>The day as the hub keeps it.</summary>
    public static string DayText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The moment as the hub keeps it.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>How many decimals a currency has (ISO 4217), by which its smallest unit counts.</summary>
    public static int DecimalsOf(string? currency) => currency is null ? 2 : _noDecimals.Contains(currency) ? 0 : _threeDecimals.Contains(currency) ? 3 : 2;

    public static decimal FromMinorUnits(decimal amount, string? currency) => amount / Power(DecimalsOf(currency));

    public static decimal ToMinorUnits(decimal amount, string? currency) => decimal.Round(amount * Power(DecimalsOf(currency)), 0, MidpointRounding.AwayFromZero);

    private static decimal Power(int decimals) => decimals switch
    {
        0 => 1m,
        3 => 1000m,
        _ => 100m,
    };

    private static DateTimeOffset? FromNumber(long number, bool isMilliseconds)
    {
        var milliseconds = isMilliseconds ? number : number * 1000;
        return milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    [GeneratedRegex(@"^/Date\((?<ms>-?\d{1,15})(?:[+-]\d{4})?\)/$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MicrosoftDate();
}
