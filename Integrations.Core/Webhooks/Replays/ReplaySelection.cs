using Integrations.Core.Webhooks.Filters;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>A delivery, or an event for which the endpoint has none, that a replay looks at.</summary>
/// <param name="Data">The event's data; empty where no filter asks for it.</param>
internal sealed record ReplayCandidate(Guid Id, string Type, string? OrderingKey = null, ReadOnlyMemory<byte> Data = default);

/// <summary>Which deliveries, or events that were missed, a replay takes by their type.</summary>
/// <param name="eventTypes">Those of the replay; empty for all.</param>
/// <param name="subscribed">Those of the endpoint, as they are now.</param>
/// <param name="filter">The endpoint's filter, which only events that it never got have to pass; null for none.</param>
internal sealed class ReplaySelection(IReadOnlyList<string> eventTypes, IReadOnlyList<string> subscribed, EndpointFilter? filter = null)
{
    /// <summary>Whether the data of events has to be read.</summary>
    public bool ReadsData => filter is not null;

    private readonly Subscriptions? _types = eventTypes.Count == 0 ? null : new Subscriptions(eventTypes);
    private readonly Subscriptions _subscribed = new(subscribed);

    public bool WantsType(string type) => _types is null || _types.Match(type);

    /// <summary>Whether the endpoint would have got the event, had it been there.</summary>
    public bool Wants(ReplayCandidate missed)
    {
        if (!_subscribed.Match(missed.Type) || !WantsType(missed.Type))
        {
            return false;
        }

        using var subject = new FilterSubject(missed.Type, missed.Data);
        return filter?.LetsPass(subject) ?? true;
    }
}
