using Integrations.Core.Events;

namespace Integrations.Core.Webhooks;

/// <summary>The events of one endpoint, ready to be matched.</summary>
public sealed class Subscriptions
{
    private readonly List<(string Pattern, string Given)> _entries;

    public Subscriptions(IEnumerable<string> events) => _entries = [.. events.Select(given => (EventTypeName.Resolve(given), given))];

    public bool Match(string type) => _entries.Exists(entry => EventPattern.Matches(entry.Pattern, type));

    /// <summary>The type as the endpoint subscribed to it: an alias comes back as it was given, anything else as the dotted name.</summary>
    public string NameFor(string type)
    {
        foreach (var (pattern, given) in _entries)
        {
            if (pattern == type)
            {
                return given;
            }
        }

        return type;
    }
}
