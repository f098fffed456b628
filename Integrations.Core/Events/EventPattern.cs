namespace Integrations.Core.Events;

/// <summary>Which event types a subscriber wants: one type (<c>invoice.paid</c>), a family (<c>invoice.*</c>) or all (<c>*</c>).</summary>
public static class EventPattern
{
    public const string All = "*";

    /// <summary>Whether a resolved pattern has a form that can match.</summary>
    public static bool IsWellFormed(string pattern)
    {
        if (pattern == All)
        {
            return true;
        }

        if (!pattern.EndsWith(".*", StringComparison.Ordinal))
        {
            return EventTypeName.IsWellFormed(pattern);
        }

        // "invoice" alone is no type, so a family is checked with a word in the place of its star.
        return EventTypeName.IsWellFormed(pattern[..^1] + "x");
    }

    public static bool Matches(string pattern, string type)
    {
        if (pattern == All)
        {
            return true;
        }

        return pattern.EndsWith(".*", StringComparison.Ordinal)
            ? type.Length > pattern.Length - 1 && type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1))
            : pattern == type;
    }
}
