using Integrations.Core.Events;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>A delivery, or an event for which the endpoint has none, that a replay looks at.</summary>
internal sealed record ReplayCandidate(Guid Id, string Type);

/// <summary>Which deliveries, or events that were missed, a replay takes by their type.</summary>
/// <param name="eventTypes">Those of the replay; empty for all.</param>
/// <param name="subscribed">Those of the endpoint, as they are now.</param>
internal sealed class ReplaySelection(IReadOnlyList<string> eventTypes, IReadOnlyList<string> subscribed)
{
    private readonly Subscriptions? _types = eventTypes.Count == 0 ? null : new Subscriptions(eventTypes);
    private readonly Subscriptions _subscribed = new(subscribed);

    public bool WantsType(string type) => _types is null || _types.Match(type);

    /// <summary>Whether the endpoint would have got the event, had it been there. The event of a test is nobody else's.</summary>
    public bool Wants(ReplayCandidate missed) => missed.Type != EventCatalogue.Test && _subscribed.Match(missed.Type) && WantsType(missed.Type);
}
