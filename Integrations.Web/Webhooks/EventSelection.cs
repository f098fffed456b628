using Integrations.Core.Events;

namespace Integrations.Web.Webhooks;

/// <summary>The events that an endpoint subscribes to, while they are being chosen.</summary>
public static class EventSelection
{
    public static bool IsAll(IReadOnlyList<string> chosen) => chosen.Contains(EventPattern.All);

    /// <summary>Whether a family among the chosen already brings a type.</summary>
    public static bool IsCovered(IReadOnlyList<string> chosen, string type) => chosen.Any(pattern => pattern != type && EventPattern.Matches(EventTypeName.Resolve(pattern), type));

    /// <summary>Adds a type or family; a family takes the place of what it brings.</summary>
    public static IReadOnlyList<string> Add(IReadOnlyList<string> chosen, string pattern) =>
        chosen.Contains(pattern) || IsCovered(chosen, pattern) ? chosen : [.. chosen.Where(other => other != EventPattern.All && !EventPattern.Matches(pattern, other)), pattern];

    public static IReadOnlyList<string> Remove(IReadOnlyList<string> chosen, string pattern) => [.. chosen.Where(other => other != pattern)];

    /// <summary>The type or family under <c>custom.</c> that a typed text stands for, or null.</summary>
    public static string? Custom(string text)
    {
        var name = text.Trim().ToLowerInvariant();
        return name.StartsWith(EventTypeName.CustomPrefix, StringComparison.Ordinal) && EventPattern.IsWellFormed(name) ? name : null;
    }
}
