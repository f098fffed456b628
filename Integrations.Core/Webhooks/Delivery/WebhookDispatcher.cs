using Integrations.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Delivers: takes due deliveries up in lots, which only reads, sends them within the caps, and has the outcomes written in lots. A try whose outcome was not written is
/// made again, so every delivery is made at least once.
/// </summary>
internal sealed class WebhookDispatcher : BackgroundService
{
    private static readonly TimeSpan _clockInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(1);

    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly DispatchLanes _lanes;
    private readonly DeliveryQueue _queue;
    private readonly DueWatch _due;
    private readonly ServedEndpoints _served;
    private readonly EndpointCache _endpoints;
    private readonly WebhookSender _sender;
    private readonly OutcomeWriter _outcomes;
    private readonly DatabaseClock _clock;
    private readonly TimeProvider _time;
    private readonly WebhookOptions _options;
    private readonly ILogger<WebhookDispatcher> _log;
    private readonly SignalWaiter _wake;
    private readonly ITimer _pace;
    private CancellationToken _stopping;

    public WebhookDispatcher(
        DeliveryQueue queue, ServedEndpoints served, EndpointCache endpoints, WebhookSender sender, OutcomeWriter outcomes, DeliveriesUnderWay underWay, DatabaseClock clock,
        TimeProvider time, HubSignals signals, IOptions<WebhookOptions> options, ILogger<WebhookDispatcher> log)
    {
        _queue = queue;
        _served = served;
        _endpoints = endpoints;
        _sender = sender;
        _outcomes = outcomes;
        _clock = clock;
        _time = time;
        _options = options.Value;
        _log = log;
        _lanes = new DispatchLanes(_options, underWay, clock, time) { Node = served.AreShared ? _node : null };
        _due = new DueWatch(queue, _lanes, time);
        _pace = time.CreateTimer(_ => Pump(_stopping), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _wake = new SignalWaiter(signals, signal =>
        {
            if (signal.Kind == HubSignalKind.DeliveriesWithdrawn)
            {
                _lanes.Withdraw(signal.OrganizationId);
            }

            if (signal.Kind is not (HubSignalKind.DeliveriesDue or HubSignalKind.DeliveriesWithdrawn or HubSignalKind.EndpointsChanged))
            {
                return false;
            }

            _due.OnNews();
            return true;
        });
    }

    public override void Dispose()
    {
        _wake.Dispose();
        _pace.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        _outcomes.Start((written, givenUp) =>
        {
            _lanes.OnWritten(written);
            givenUp.ForEach(outcome => _lanes.OnLost(outcome.Delivery));
            if (_lanes.HasYielded)
            {
                _wake.Wake();
            }

            Pump(stoppingToken);
        });
        long? clockSet = null;
        var swept = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (clockSet is null || _time.GetElapsedTime(clockSet.Value) > _clockInterval)
                {
                    await _queue.SetClockAsync(stoppingToken);
                    clockSet = _time.GetTimestamp();
                }

                if (_time.GetElapsedTime(swept) > _sweepInterval)
                {
                    _lanes.ReleaseSetAside();
                    await _queue.ReleaseForgottenAsync(_sweepInterval, stoppingToken);
                    swept = _time.GetTimestamp();
                }

                await WaitAsync(await ClaimAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // The database went away; nothing is lost, since nothing is done before it is written there.
                WebhookLog.DispatcherFailed(_log, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await EndAsync();
    }

    /// <returns>How long nothing will be due, as far as is known.</returns>
    private async Task<TimeSpan> ClaimAsync(CancellationToken cancellationToken)
    {
        if (_outcomes.IsFailing)
        {
            // What is known is not on disk, so what looks due may have been delivered.
            return TimeSpan.MaxValue;
        }

        if (_lanes.Yielded() is { Count: > 0 } yielded)
        {
            await _served.YieldAsync(_node, yielded, cancellationToken);
            _lanes.OnYielded(yielded);
        }

        var now = _clock.UtcNow;
        var dueNow = await _due.FindAsync(now, cancellationToken);
        var settings = await _endpoints.GetAsync([.. dueNow.Select(endpoint => endpoint.EndpointId).Union(_lanes.Waiting())], cancellationToken);
        var orders = _lanes.Plan(dueNow, settings);
        Claim? claim = null;
        try
        {
            claim = orders.Count == 0 ? null : await _queue.ClaimAsync(_node, TimeSpan.FromSeconds(_options.LeaseSeconds), orders, cancellationToken);
        }
        finally
        {
            if (_lanes.Accept(orders, claim))
            {
                // Of the endpoints that nobody serves only some are taken at a time.
                if (orders.Exists(order => order.Serves))
                {
                    _due.OnNews();
                }

                _wake.Wake();
            }
        }

        Pump(cancellationToken);
        if (_lanes.HasYielded)
        {
            _wake.Wake();
        }

        if (_lanes.Wishes(dueNow, settings) is { Count: > 0 } wishes)
        {
            await _served.AskAsync(_node, DispatchLanes.AskFor, wishes, cancellationToken);
        }

        return _due.Next - now;
    }

    // Starts as many requests as the caps allow, and comes back when a rate or a circuit lets the next one go.
    private void Pump(CancellationToken stopping)
    {
        TimeSpan? next;
        do
        {
            while (!stopping.IsCancellationRequested && _lanes.TryTake(out var lane, out var delivery, out var isPaced))
            {
                _ = SendAsync(lane, delivery, isPaced, stopping);
            }

            next = stopping.IsCancellationRequested ? null : _lanes.NextStart();
        }
        while (next == TimeSpan.Zero && _lanes.HasRoom);

        if (next > TimeSpan.Zero)
        {
            _pace.Change(next.Value, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task SendAsync(EndpointLane lane, ClaimedDelivery delivery, bool isPaced, CancellationToken stopping)
    {
        // The claiming loop goes on while requests run on the pool's threads.
        await Task.Yield();
        if (isPaced)
        {
            _lanes.OnBegun(lane);
        }

        var endpoint = lane.Settings;
        DeliveryOutcome? outcome = null;
        var handedOn = false;
        try
        {
            outcome = await DeliverAsync(delivery, endpoint);
            await _outcomes.AddAsync(outcome);
            handedOn = true;
        }
        catch (Exception exception)
        {
            // A bug in our own code: the delivery is tried again after a while, and the log tells.
            WebhookLog.SendFailed(_log, PublicId.Format(PublicId.Delivery, delivery.Id), exception);
        }

        var after = _lanes.OnSent(lane, outcome?.Attempt);
        if (!handedOn)
        {
            _lanes.OnLost(delivery);
        }

        if (after.CircuitChanged)
        {
            await TryAsync(() => _queue.WriteCircuitAsync(endpoint, after.CircuitOpenUntil, CancellationToken.None));
            _lanes.OnCircuitWritten(lane, after.CircuitOpenUntil);
        }

        if (after.Look || _lanes.HasYielded)
        {
            _wake.Wake();
        }

        Pump(stopping);
    }

    private async Task<DeliveryOutcome> DeliverAsync(ClaimedDelivery delivery, EndpointSettings endpoint)
    {
        if (delivery.Data is null || !endpoint.CanTake(delivery.Trigger))
        {
            var reason = delivery.Data is null ? DeliveryReasons.EventGone : endpoint.Fault ?? DeliveryReasons.SwitchedOff;
            return new DeliveryOutcome(delivery, endpoint, null, DeliveryStatus.Discarded, delivery.PlanStep, null, reason);
        }

        return DeliveryJudge.Judge(delivery, endpoint, await _sender.SendAsync(delivery, endpoint), _clock.UtcNow);
    }

    private Task WaitAsync(TimeSpan untilDue, CancellationToken cancellationToken)
    {
        var poll = TimeSpan.FromSeconds(_options.PollSeconds);
        return _wake.WaitAsync(untilDue < poll ? untilDue : poll, _time, cancellationToken);
    }

    // Gives up what was not begun, and lets what is under way end and be written.
    private async Task EndAsync()
    {
        _lanes.GiveUpAll();
        while (_lanes.HasUnwritten)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }

        await _outcomes.EndAsync();
        await TryAsync(() => _served.EndAsync(_node, CancellationToken.None));
    }

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            // Leases end by themselves; this only spares the wait.
            WebhookLog.DispatcherFailed(_log, exception);
        }
    }
}
