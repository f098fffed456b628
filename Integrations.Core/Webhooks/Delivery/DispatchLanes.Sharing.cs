namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Evens out what the nodes serve. One that sees another with more endpoints to get through than it has itself asks for some of them; that one gives up those which are quick,
/// so that nobody waits for the change.
/// </summary>
internal sealed partial class DispatchLanes
{
    /// <summary>For how long an endpoint is asked for: until the node that serves it has looked at its settings several times.</summary>
    public static readonly TimeSpan AskFor = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _askEvery = TimeSpan.FromSeconds(1);
    // What has not come by then is slow, so that others are asked for.
    private static readonly TimeSpan _askAgain = TimeSpan.FromSeconds(30);
    private readonly Dictionary<Guid, long> _askedFor = [];
    private long? _asked;
    private int _yielding;

    /// <summary>Whether endpoints wait to be left to others, so that the dispatcher has to look.</summary>
    public bool HasYielded
    {
        get
        {
            lock (_lock)
            {
                return _yielding > 0 && _lanes.Values.Any(lane => lane.HasYielded);
            }
        }
    }

    /// <summary>Endpoints of another node for which this one asks: half of what that one has more, of those that have waited long.</summary>
    public List<Guid> Wishes(IReadOnlyCollection<DueEndpoint> due, IReadOnlyDictionary<Guid, EndpointSettings> settings)
    {
        lock (_lock)
        {
            var now = clock.UtcNow;
            // Most looks are only for what this node serves.
            if (Node is null || _unwritten > options.MaxInFlight / 2 || (_asked is { } asked && time.GetElapsedTime(asked) < _askEvery) || due.All(IsOurs))
            {
                return [];
            }

            _asked = time.GetTimestamp();
            var busy = due.Where(endpoint => !endpoint.HasUrgent && now - endpoint.First > _longDue && settings.ContainsKey(endpoint.EndpointId)).ToList();
            var ours = busy.Count(IsOurs);
            var theirs = busy.Where(endpoint => settings[endpoint.EndpointId] is { ServedBy: { } node } served && node != Node && served.ServedUntil > now)
                .GroupBy(endpoint => settings[endpoint.EndpointId].ServedBy!, StringComparer.Ordinal).MaxBy(node => node.Count())?.ToList() ?? [];
            // Those that are asked for count as if they had come.
            var wanted = theirs.Count(endpoint => settings[endpoint.EndpointId].WantedUntil > now);
            foreach (var (endpoint, since) in _askedFor)
            {
                if (time.GetElapsedTime(since) > _askAgain)
                {
                    _askedFor.Remove(endpoint);
                }
            }

            List<Guid> wishes =
            [
                .. theirs.Where(endpoint => settings[endpoint.EndpointId] is { RateLimitPerSecond: null } served && !(served.WantedUntil > now) && !_askedFor.ContainsKey(endpoint.EndpointId)).OrderBy(endpoint => endpoint.First)
                    .Take(Math.Min(MaxTaken, ((theirs.Count - ours) / 2) - wanted)).Select(endpoint => endpoint.EndpointId),
            ];
            wishes.ForEach(endpoint => _askedFor[endpoint] = time.GetTimestamp());
            return wishes;

            bool IsOurs(DueEndpoint endpoint) => _servedUntil.GetValueOrDefault(endpoint.EndpointId) > now;
        }
    }

    /// <summary>Endpoints that can be left to others now; <see cref="OnYielded"/> must follow once that is written.</summary>
    public List<Guid> Yielded()
    {
        lock (_lock)
        {
            if (_yielding == 0)
            {
                return [];
            }

            foreach (var lane in _lanes.Values.Where(lane => lane.YieldsInVain).ToList())
            {
                StopYielding(lane, inVain: true);
            }

            return [.. _lanes.Values.Where(lane => lane.HasYielded).Select(lane => lane.Settings.Id)];
        }
    }

    /// <summary>Others may serve them now.</summary>
    public void OnYielded(IEnumerable<Guid> endpoints)
    {
        lock (_lock)
        {
            foreach (var endpoint in endpoints)
            {
                var lane = _lanes[endpoint];
                lane.ServedUntil = DateTimeOffset.MinValue;
                _servedUntil.Remove(endpoint);
                // Who asked for it comes first.
                _takenByOthers[endpoint] = time.GetTimestamp();
                StopYielding(lane, inVain: false);
            }
        }
    }

    private void YieldIfWanted(EndpointLane lane)
    {
        var now = clock.UtcNow;
        if (Node is not null && lane is { IsYielding: false, IsQuick: true } && lane.Settings.WantedUntil > now && lane.ServedUntil > now)
        {
            _yielding++;
            lane.Yield();
            GiveUp(lane);
        }
    }

    private void StopYielding(EndpointLane lane, bool inVain)
    {
        _yielding--;
        lane.StopYielding(inVain);
        Enqueue(lane);
        ForgetIfIdle(lane);
    }
}
