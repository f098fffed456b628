using System.Text.RegularExpressions;

namespace Integrations.Core.Events;

/// <summary>How event types are spelled: dotted lower-case words, with the constants of earlier products taken as aliases on input.</summary>
public static partial class EventTypeName
{
    public const int MaxLength = 128;

    /// <summary>Types under this prefix need no definition.</summary>
    public const string CustomPrefix = "custom.";

    private static readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal)
    {
        ["CONTACT_CREATED"] = "contact.created",
        ["CARD_VIEW"] = "card.viewed",
        ["LINK_CLICK"] = "link.clicked",
        ["SUBSCRIPTION_UPDATED"] = "subscription.updated",
        ["CUSTOM"] = "custom.*",
    };

    public static bool IsWellFormed(string name) => name.Length <= MaxLength && Name().IsMatch(name);

    /// <summary>The dotted name for what a caller wrote; a name that is no alias comes back as it is.</summary>
    public static string Resolve(string name)
    {
        if (_aliases.TryGetValue(name, out var known))
        {
            return known;
        }

        if (!Constant().IsMatch(name))
        {
            return name;
        }

        // USER_CREATED is user.created, AI_REQUEST_COMPLETED is ai.request.completed; words inside a segment keep their underscore (payment.partially_refunded).
        var lower = name.ToLowerInvariant();
        var dotted = lower.Replace('_', '.');
        if (EventCatalogue.Find(dotted) is not null)
        {
            return dotted;
        }

        var underscore = lower.IndexOf('_');
        return underscore < 0 ? lower : string.Concat(lower.AsSpan(0, underscore), ".", lower.AsSpan(underscore + 1));
    }

    [GeneratedRegex(@"^[a-z0-9_]+(\.[a-z0-9_]+)+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Z][A-Z0-9_]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Constant();
}
