using System.Diagnostics.CodeAnalysis;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// What this node holds, in a lane for each endpoint, and whose turn it is. Lanes that can send stand in a queue and are served in turn, so that an endpoint with
/// much to do delays nobody who has little.
/// </summary>
internal sealed class DispatchLanes(WebhookOptions options, DatabaseClock clock, TimeProvider time)
{
    // A waiting delivery is sent only if its lease outlasts the request by this much.
    private static readonly TimeSpan _leaseMargin = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, EndpointLane> _lanes = [];
    private readonly Queue<EndpointLane> _ready = new();
    private readonly HashSet<EndpointLane> _paced = [];
    // Tries begun whose outcome is not on disk yet: after a kill they are made again, so this bounds how many come twice.
    private int _unwritten;
    private bool _hasBacklog;

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

    /// <summary>Endpoints for which something waits here, whose settings must stay fresh.</summary>
    public List<Guid> Waiting()
    {
        lock (_lock)
        {
            return [.. _lanes.Values.Where(lane => lane.HasWaiting).Select(lane => lane.Settings.Id)];
        }
    }

    /// <summary>Takes fresh settings, and says how many deliveries to claim for which endpoint.</summary>
    public List<ClaimOrder> Plan(IEnumerable<DueEndpoint> due, IReadOnlyDictionary<Guid, EndpointSettings> settings)
    {
        List<ClaimOrder> wanted = [];
        lock (_lock)
        {
            foreach (var (id, current) in settings)
            {
                if (_lanes.TryGetValue(id, out var known))
                {
                    known.Apply(current);
                    Enqueue(known);
                }
            }

            _hasBacklog = false;
            foreach (var endpoint in due.Where(endpoint => settings.ContainsKey(endpoint.EndpointId)))
            {
                if (!_lanes.TryGetValue(endpoint.EndpointId, out var lane))
                {
                    lane = new EndpointLane(settings[endpoint.EndpointId], options.MaxInFlightPerEndpoint, clock, time);
                    _lanes.Add(endpoint.EndpointId, lane);
                }

                if (Math.Max(lane.Wanted, endpoint.HasTest ? 1 : 0) is > 0 and var count)
                {
                    lane.OnClaimed(time.GetElapsedTime(lane.LastClaim));
                    lane.LastClaim = time.GetTimestamp();
                    lane.IsClaiming = true;
                    wanted.Add(new ClaimOrder(endpoint.EndpointId, count, lane.Settings.NeedsOneNode));
                }
                else
                {
                    _hasBacklog = true;
                }
            }
        }

        return wanted;
    }

    /// <summary>Takes what was claimed by a plan; nothing, when claiming failed.</summary>
    public void Accept(IEnumerable<ClaimedDelivery> claimed, IEnumerable<ClaimOrder> wanted)
    {
        lock (_lock)
        {
            foreach (var delivery in claimed)
            {
                var lane = _lanes[delivery.EndpointId];
                lane.Add(delivery);
                Enqueue(lane);
            }

            foreach (var order in wanted)
            {
                var lane = _lanes[order.EndpointId];
                lane.IsClaiming = false;
                ForgetIfIdle(lane);
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
                // One that waited too long here is left to its lease: when that is over it is claimed again.
                if (lane.NextStart() == TimeSpan.Zero && (delivery = lane.Take()) is not null && delivery.LeaseEnd - clock.UtcNow >= lane.Settings.Timeout + _leaseMargin)
                {
                    isPaced = lane.OnStarted();
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

    /// <summary>A request has ended.</summary>
    /// <param name="result">What it came to; null when it was not made.</param>
    /// <param name="handedOn">Whether its outcome is on the way to the disk, so that <see cref="OnWritten"/> will count it.</param>
    public AfterSending OnSent(EndpointLane lane, AttemptResult? result, bool handedOn)
    {
        lock (_lock)
        {
            if (!handedOn)
            {
                _unwritten--;
            }

            lane.OnSent(result is null || (result.ResponseStatus is not null && result.Outcome != AttemptOutcome.TimedOut));
            var circuitChanged = result is not null && lane.Circuit.OnTried(lane.Settings.Circuit, result.Outcome == AttemptOutcome.Delivered);
            // While the circuit rests, what waits here would only lose its lease.
            var givenBack = circuitChanged && lane.Circuit.OpenUntil is not null ? lane.TakeAll() : [];
            if (circuitChanged)
            {
                lane.OnCircuitChanged();
            }

            Enqueue(lane);
            var look = _hasBacklog && lane.Wanted > 0;
            ForgetIfIdle(lane);
            return new AfterSending(look, circuitChanged, lane.Circuit.OpenUntil, givenBack);
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

    public void OnWritten(int count)
    {
        lock (_lock)
        {
            _unwritten -= count;
        }
    }

    /// <summary>Takes out everything that was not begun.</summary>
    public List<ClaimedDelivery> Drain()
    {
        lock (_lock)
        {
            return [.. _lanes.Values.SelectMany(lane => lane.TakeAll())];
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
