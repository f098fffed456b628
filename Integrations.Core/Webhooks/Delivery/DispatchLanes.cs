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

    /// <summary>Endpoints for which something waits here, whose settings must stay fresh.</summary>
    public List<Guid> Waiting()
    {
        lock (_lock)
        {
            return [.. _lanes.Values.Where(lane => lane.Waiting.Count > 0).Select(lane => lane.Settings.Id)];
        }
    }

    /// <summary>Takes fresh settings, and says how many deliveries to claim for which endpoint.</summary>
    public List<(Guid EndpointId, int Count)> Plan(IEnumerable<Guid> due, IReadOnlyDictionary<Guid, EndpointSettings> settings)
    {
        List<(Guid EndpointId, int Count)> wanted = [];
        lock (_lock)
        {
            foreach (var (id, current) in settings)
            {
                if (_lanes.TryGetValue(id, out var known))
                {
                    known.Settings = current;
                }
            }

            _hasBacklog = false;
            foreach (var id in due.Where(settings.ContainsKey))
            {
                if (!_lanes.TryGetValue(id, out var lane))
                {
                    lane = new EndpointLane(settings[id], options.MaxInFlightPerEndpoint);
                    _lanes.Add(id, lane);
                }

                if (lane.Wanted is > 0 and var count)
                {
                    lane.OnClaimed(time.GetElapsedTime(lane.LastClaim));
                    lane.LastClaim = time.GetTimestamp();
                    lane.IsClaiming = true;
                    wanted.Add((id, count));
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
    public void Accept(IEnumerable<ClaimedDelivery> claimed, IEnumerable<(Guid EndpointId, int Count)> wanted)
    {
        lock (_lock)
        {
            foreach (var delivery in claimed)
            {
                var lane = _lanes[delivery.EndpointId];
                lane.Waiting.Enqueue(delivery);
                Enqueue(lane);
            }

            foreach (var (endpoint, _) in wanted)
            {
                var lane = _lanes[endpoint];
                lane.IsClaiming = false;
                ForgetIfIdle(lane);
            }
        }
    }

    /// <summary>The next delivery whose turn it is, as far as the caps allow.</summary>
    public bool TryTake([NotNullWhen(true)] out EndpointLane? lane, [NotNullWhen(true)] out ClaimedDelivery? delivery)
    {
        lock (_lock)
        {
            delivery = null;
            lane = null;
            while (_unwritten < options.MaxInFlight && _ready.TryDequeue(out lane))
            {
                lane.IsQueued = false;
                // One that waited too long here is left to its lease: when that is over it is claimed again.
                if (lane.Waiting.TryDequeue(out delivery) && delivery.LeaseEnd - clock.UtcNow >= lane.Settings.Timeout + _leaseMargin)
                {
                    lane.InFlight++;
                    _unwritten++;
                    Enqueue(lane);
                    return true;
                }

                Enqueue(lane);
            }

            return false;
        }
    }

    /// <summary>A request has ended.</summary>
    /// <param name="answered">Whether the endpoint answered, whatever it said.</param>
    /// <param name="handedOn">Whether its outcome is on the way to the disk, so that <see cref="OnWritten"/> will count it.</param>
    /// <returns>Whether there is room now for more that is due.</returns>
    public bool OnSent(EndpointLane lane, bool answered, bool handedOn)
    {
        lock (_lock)
        {
            lane.InFlight--;
            if (!handedOn)
            {
                _unwritten--;
            }

            lane.OnSent(answered);
            Enqueue(lane);
            var look = _hasBacklog && lane.Wanted > 0;
            ForgetIfIdle(lane);
            return look;
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
            List<ClaimedDelivery> waiting = [.. _lanes.Values.SelectMany(lane => lane.Waiting)];
            foreach (var lane in _lanes.Values)
            {
                lane.Waiting.Clear();
            }

            return waiting;
        }
    }

    private void Enqueue(EndpointLane lane)
    {
        if (!lane.IsQueued && lane.CanSend)
        {
            lane.IsQueued = true;
            _ready.Enqueue(lane);
        }
    }

    private void ForgetIfIdle(EndpointLane lane)
    {
        if (lane.CanBeForgotten)
        {
            _lanes.Remove(lane.Settings.Id);
        }
    }
}
