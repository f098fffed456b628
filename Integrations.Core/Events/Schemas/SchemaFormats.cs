using System.Globalization;
using System.Text.RegularExpressions;

namespace Integrations.Core.Events.Schemas;

/// <summary>The formats that are checked; any other is refused in a schema.</summary>
internal static partial class SchemaFormats
{
    public static IReadOnlyDictionary<string, Func<string, bool>> All { get; } = new Dictionary<string, Func<string, bool>>(StringComparer.Ordinal)
    {
        ["date-time"] = text => DateTimeForm().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["date"] = text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["email"] = text => EmailForm().IsMatch(text),
        ["uri"] = text => Uri.TryCreate(text, UriKind.Absolute, out _) && Uri.IsWellFormedUriString(text, UriKind.Absolute),
        ["uuid"] = text => Guid.TryParseExact(text, "D", out _),
    };

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DateTimeForm();

    [GeneratedRegex(@"^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex EmailForm();
}
