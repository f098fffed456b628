namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What to take up of the queue, and what to give up.</summary>
internal sealed partial class DispatchLanes
{
    // While a claim is under way it may bring what was read before these ended or were withdrawn.
    private readonly HashSet<Guid> _endedMeanwhile = [];
    private readonly HashSet<Guid> _withdrawnMeanwhile = [];
    // What could not be written is due in the database, so it must be held until it may be tried again.
    private readonly Queue<(EndpointLane Lane, Guid Id, long Since)> _setAside = new();
    private bool _isClaiming;

    /// <summary>Endpoints for which something waits here, whose settings must stay fresh.</summary>
    public List<Guid> Waiting()
    {
        lock (_lock)
        {
            return [.. _lanes.Values.Where(lane => lane.HasWaiting).Select(lane => lane.Settings.Id)];
        }
    }

    /// <summary>Endpoints of which more is to be read than has been.</summary>
    public List<DueEndpoint> Hungry()
    {
        var now = clock.UtcNow;
        lock (_lock)
        {
            return [.. _lanes.Values.Where(lane => lane is { MayHaveMore: true, Wanted: > 0 } && lane.ServedUntil > now).Select(lane => new DueEndpoint(lane.Settings.Id, now, null))];
        }
    }

    /// <summary>Takes fresh settings, and says what to read for which endpoint. <see cref="Accept"/> must follow, whatever becomes of it.</summary>
    /// <param name="due">Endpoints with deliveries that are due.</param>
    public List<ClaimOrder> Plan(IEnumerable<DueEndpoint> due, IReadOnlyDictionary<Guid, EndpointSettings> settings)
    {
        List<ClaimOrder> orders = [];
        lock (_lock)
        {
            foreach (var (id, current) in settings)
            {
                if (_lanes.TryGetValue(id, out var known))
                {
                    known.Apply(current);
                    Enqueue(known);
                    if (known.ServedUntil <= clock.UtcNow)
                    {
                        GiveUp(known);
                    }

                    YieldIfWanted(known);
                }
            }

            _isClaiming = true;
            _taken = 0;
            foreach (var endpoint in due)
            {
                if (settings.TryGetValue(endpoint.EndpointId, out var current) && Order(endpoint, current) is { } order)
                {
                    orders.Add(order);
                }
            }
        }

        return orders;
    }

    /// <summary>Takes what a plan brought.</summary>
    /// <param name="claim">Null when it failed.</param>
    /// <returns>Whether to look again at once.</returns>
    public bool Accept(IReadOnlyCollection<ClaimOrder> orders, Claim? claim)
    {
        HashSet<Guid> brought = [];
        lock (_lock)
        {
            if (claim is not null)
            {
                foreach (var order in orders.Where(order => order.Serves))
                {
                    OnServed(_lanes[order.EndpointId], claim.Served.TryGetValue(order.EndpointId, out var served) ? served : null);
                }

                foreach (var endpoint in claim.Deliveries.GroupBy(delivery => delivery.EndpointId))
                {
                    if (Hold(_lanes[endpoint.Key], endpoint))
                    {
                        brought.Add(endpoint.Key);
                    }
                }
            }

            var lookAgain = claim is not null && _taken > MaxTaken;
            foreach (var order in orders)
            {
                var lane = _lanes[order.EndpointId];
                ReadMark? mark = claim is not null && claim.Full.TryGetValue(order.EndpointId, out var found) ? found : null;
                lane.OnLooked(order, mark, brought.Contains(order.EndpointId));
                lane.MayHaveMore |= claim is null;
                lookAgain |= claim is not null && lane.MayHaveMore && lane.Wanted > 0 && lane.ServedUntil > clock.UtcNow;
                Enqueue(lane);
                ForgetIfIdle(lane);
            }

            _isClaiming = false;
            _endedMeanwhile.Clear();
            _withdrawnMeanwhile.Clear();
            return lookAgain;
        }
    }

    /// <summary>Somebody gave up deliveries of an organization. What was not begun is given up here and read again: taking up cost nothing.</summary>
    public void Withdraw(Guid organizationId)
    {
        lock (_lock)
        {
            foreach (var lane in _lanes.Values.Where(lane => lane.Settings.OrganizationId == organizationId).ToList())
            {
                GiveUp(lane);
            }

            if (_isClaiming)
            {
                _withdrawnMeanwhile.Add(organizationId);
            }
        }
    }

    /// <summary>Lets those be tried again whose outcome was lost some time ago.</summary>
    public void ReleaseSetAside()
    {
        lock (_lock)
        {
            while (_setAside.TryPeek(out var first) && time.GetElapsedTime(first.Since) > _lease)
            {
                _setAside.Dequeue();
                Release(first.Lane, first.Id);
            }
        }
    }

    /// <summary>Gives up everything that was not begun.</summary>
    public void GiveUpAll()
    {
        lock (_lock)
        {
            foreach (var lane in _lanes.Values.ToList())
            {
                GiveUp(lane);
            }
        }
    }

    private ClaimOrder? Order(DueEndpoint endpoint, EndpointSettings settings)
    {
        var now = clock.UtcNow;
        var until = Node is null ? DateTimeOffset.MaxValue : _servedUntil.GetValueOrDefault(endpoint.EndpointId);
        var isOurs = until > now;
        if (!isOurs && !MayTake(endpoint, settings, now))
        {
            return null;
        }

        if (!_lanes.TryGetValue(endpoint.EndpointId, out var lane))
        {
            lane = new EndpointLane(settings, options.MaxInFlightPerEndpoint, clock, time) { ServedUntil = until };
            _lanes.Add(endpoint.EndpointId, lane);
        }

        if (lane.IsYielding)
        {
            lane.MayHaveMore = true;
            return null;
        }

        var wanted = lane.Wanted;
        var serves = Node is not null && until - now < RenewAt(lane);
        if (wanted == 0 && !serves && !endpoint.HasUrgent)
        {
            lane.MayHaveMore = true;
            return null;
        }

        return lane.Look(wanted, serves, endpoint.HasUrgent);
    }

    private bool Hold(EndpointLane lane, IEnumerable<ClaimedDelivery> deliveries)
    {
        var any = false;
        foreach (var delivery in deliveries)
        {
            if (_withdrawnMeanwhile.Contains(delivery.OrganizationId) || _endedMeanwhile.Contains(delivery.Id))
            {
                continue;
            }

            if (underWay.Hold(delivery.Id))
            {
                lane.Add(delivery);
                any = true;
            }
            else if (delivery.IsUrgent)
            {
                lane.MoveUp(delivery);
            }
        }

        if (any)
        {
            lane.OnClaimed(time.GetElapsedTime(lane.LastClaim));
            lane.LastClaim = time.GetTimestamp();
        }

        return any;
    }

    private void GiveUp(EndpointLane lane)
    {
        foreach (var delivery in lane.TakeAll())
        {
            underWay.End(delivery.Id);
            // More may be due than waits.
            lane.MayHaveMore = true;
        }

        ForgetIfIdle(lane);
    }

    private void Release(EndpointLane lane, Guid delivery)
    {
        underWay.End(delivery);
        if (_isClaiming)
        {
            _endedMeanwhile.Add(delivery);
        }

        lane.OnReleased();
        ForgetIfIdle(lane);
    }
}
