namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Which endpoints this node serves, where others may serve them too.</summary>
internal sealed partial class DispatchLanes
{
    // Endpoints that a node takes in one look, so that those who look at the same time share them.
    private const int MaxTaken = 8;
    // An endpoint that nobody takes is taken also by a node that has much to do.
    private static readonly TimeSpan _longDue = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _renewAhead = TimeSpan.FromSeconds(3);

    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.LeaseSeconds);
    private readonly Dictionary<Guid, DateTimeOffset> _servedUntil = [];
    // The settings do not say it yet.
    private readonly Dictionary<Guid, long> _takenByOthers = [];
    private int _taken;

    /// <summary>This node, where others may serve endpoints too; null where there are none.</summary>
    public string? Node { get; init; }

    // With half of its time over, and before a request would no longer end in the other half.
    private TimeSpan RenewAt(EndpointLane lane)
    {
        var needed = lane.TimeForRequest + _renewAhead;
        return needed > _lease / 2 ? needed : _lease / 2;
    }

    private bool MayTake(DueEndpoint endpoint, EndpointSettings settings, DateTimeOffset now) =>
        (settings.ServedBy is null || settings.ServedBy == Node || settings.ServedUntil <= now)
        && !(_takenByOthers.TryGetValue(endpoint.EndpointId, out var since) && time.GetElapsedTime(since) < EndpointCache.MaxAge)
        && (_unwritten < options.MaxInFlight || now - endpoint.First > _longDue) && _taken++ < MaxTaken;

    private void OnServed(EndpointLane lane, ServedEndpoint? served)
    {
        if (served is not { IsNew: false })
        {
            GiveUp(lane);
        }

        if (served is { } since)
        {
            _servedUntil[lane.Settings.Id] = lane.ServedUntil = since.Until;
            _takenByOthers.Remove(lane.Settings.Id);
            if (since.IsNew)
            {
                lane.OnTaken();
            }
        }
        else
        {
            _servedUntil.Remove(lane.Settings.Id);
            _takenByOthers[lane.Settings.Id] = time.GetTimestamp();
            lane.ServedUntil = DateTimeOffset.MinValue;
        }
    }
}
