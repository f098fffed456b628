using System.Diagnostics.CodeAnalysis;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// What this node holds, in a lane for each endpoint, and whose turn it is. Lanes that can send stand in a queue and are served in turn, so that an endpoint with
/// much to do delays nobody who has little.
/// </summary>
internal sealed partial class DispatchLanes(WebhookOptions options, DeliveriesUnderWay underWay, DatabaseClock clock, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, EndpointLane> _lanes = [];
    private readonly Queue<EndpointLane> _ready = new();
    private readonly HashSet<EndpointLane> _paced = [];
    // Tries begun whose outcome is not on disk yet: after a kill they are made again, so this bounds how many come twice.
    private int _unwritten;

    public bool HasUnwritten
    {
        get
        {
            lock (_lock)
            {
                return _unwritten > 0;
            }
        }
    }

    /// <summary>Whether the cap over all endpoints lets another request start.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _unwritten < options.MaxInFlight;
            }
        }
    }

    /// <summary>The next delivery whose turn it is, as far as the caps allow.</summary>
    /// <param name="isPaced">Whether a rate counts it, so that <see cref="OnBegun"/> must tell when it begins.</param>
    public bool TryTake([NotNullWhen(true)] out EndpointLane? lane, [NotNullWhen(true)] out ClaimedDelivery? delivery, out bool isPaced)
    {
        lock (_lock)
        {
            isPaced = false;
            delivery = null;
            lane = null;
            while (_unwritten < options.MaxInFlight && _ready.TryDequeue(out lane))
            {
                lane.IsQueued = false;
                if (lane.NextStart() == TimeSpan.Zero && (delivery = lane.Take()) is not null)
                {
                    underWay.Begin(delivery.Id);
                    isPaced = lane.OnStarted(delivery);
                    _unwritten++;
                    Enqueue(lane);
                    return true;
                }

                Enqueue(lane);
            }

            return false;
        }
    }

    /// <summary>A paced request begins.</summary>
    public void OnBegun(EndpointLane lane)
    {
        lock (_lock)
        {
            lane.OnBegun();
        }
    }

    /// <summary>How long until the first lane that a rate or a circuit holds back may send; null when none is held back by time.</summary>
    public TimeSpan? NextStart()
    {
        lock (_lock)
        {
            TimeSpan? first = null;
            foreach (var lane in _paced.ToList())
            {
                _paced.Remove(lane);
                Enqueue(lane);
                if (_paced.Contains(lane) && lane.NextStart() is { } wait && !(wait >= first))
                {
                    first = wait;
                }
                else if (lane.IsQueued)
                {
                    first = TimeSpan.Zero;
                }
            }

            return first;
        }
    }

    /// <summary>A request has ended, and its outcome is on the way to the disk.</summary>
    /// <param name="result">What it came to; null when it was not made.</param>
    public AfterSending OnSent(EndpointLane lane, AttemptResult? result)
    {
        lock (_lock)
        {
            lane.OnSent(result is null || (result.ResponseStatus is not null && result.Outcome != AttemptOutcome.TimedOut));
            var circuitChanged = result is not null && lane.Circuit.OnTried(lane.Settings.Circuit, result.Outcome == AttemptOutcome.Delivered);
            if (circuitChanged)
            {
                lane.OnCircuitChanged();
                if (lane.Circuit.OpenUntil is not null)
                {
                    // While the circuit rests, what waits here would only take up memory.
                    GiveUp(lane);
                }
            }

            Enqueue(lane);
            ForgetIfIdle(lane);
            return new AfterSending(lane.MayHaveMore && lane.Wanted > 0, circuitChanged, lane.Circuit.OpenUntil);
        }
    }

    /// <summary>A change of a circuit is on disk, or could not be written.</summary>
    public void OnCircuitWritten(EndpointLane lane, DateTimeOffset? openUntil)
    {
        lock (_lock)
        {
            lane.OnCircuitWritten(openUntil);
        }
    }

    /// <summary>Outcomes are on disk, so their deliveries are held no longer.</summary>
    public void OnWritten(IEnumerable<DeliveryOutcome> outcomes)
    {
        lock (_lock)
        {
            foreach (var outcome in outcomes)
            {
                _unwritten--;
                Release(_lanes[outcome.Delivery.EndpointId], outcome.Delivery.Id);
            }
        }
    }

    /// <summary>The outcome of a try will not be written, and for some time the delivery is not tried again.</summary>
    public void OnLost(ClaimedDelivery delivery)
    {
        lock (_lock)
        {
            _unwritten--;
            _setAside.Enqueue((_lanes[delivery.EndpointId], delivery.Id, time.GetTimestamp()));
        }
    }

    private void Enqueue(EndpointLane lane)
    {
        if (lane.IsQueued || lane.NextStart() is not { } wait)
        {
            return;
        }

        if (wait > TimeSpan.Zero)
        {
            _paced.Add(lane);
            return;
        }

        lane.IsQueued = true;
        _ready.Enqueue(lane);
    }

    private void ForgetIfIdle(EndpointLane lane)
    {
        if (lane.CanBeForgotten)
        {
            _lanes.Remove(lane.Settings.Id);
            _paced.Remove(lane);
        }
    }
}
