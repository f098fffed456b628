using System.Threading.Channels;
using Integrations.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Delivers: claims due deliveries in lots, sends them within the caps, and has the outcomes written in lots. A try whose outcome was not written is made again,
/// so every delivery is made at least once.
/// </summary>
internal sealed class WebhookDispatcher : BackgroundService
{
    // A waiting delivery is sent only if its lease outlasts the request by this much.
    private static readonly TimeSpan _leaseMargin = TimeSpan.FromSeconds(5);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, EndpointLane> _lanes = [];
    private readonly Queue<EndpointLane> _ready = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly DeliveryQueue _queue;
    private readonly EndpointCache _endpoints;
    private readonly WebhookSender _sender;
    private readonly OutcomeWriter _outcomes;
    private readonly Database _database;
    private readonly DatabaseClock _clock;
    private readonly TimeProvider _time;
    private readonly WebhookOptions _options;
    private readonly ILogger<WebhookDispatcher> _log;
    private readonly IDisposable _subscription;
    // Tries begun whose outcome is not on disk yet: after a kill they are made again, so this bounds how many come twice.
    private int _unwritten;
    private bool _hasBacklog;

    public WebhookDispatcher(
        DeliveryQueue queue, EndpointCache endpoints, WebhookSender sender, OutcomeWriter outcomes, Database database, DatabaseClock clock, TimeProvider time,
        HubSignals signals, IOptions<WebhookOptions> options, ILogger<WebhookDispatcher> log)
    {
        _queue = queue;
        _endpoints = endpoints;
        _sender = sender;
        _outcomes = outcomes;
        _database = database;
        _clock = clock;
        _time = time;
        _options = options.Value;
        _log = log;
        _subscription = signals.Subscribe(signal =>
        {
            if (signal.Kind is HubSignalKind.DeliveriesDue or HubSignalKind.EndpointsChanged)
            {
                _wake.Writer.TryWrite(true);
            }
        });
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _outcomes.Start(_owner, written => OnWritten(written, stoppingToken));
        if (_database.Provider == DatabaseProvider.Sqlite)
        {
            // One hub serves a SQLite file, so whatever is held was held by one that was killed.
            await RetryAsync(() => _queue.ReleaseAllAsync(stoppingToken), stoppingToken);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
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

        await StopAsync();
    }

    /// <returns>How long nothing will be due, as far as is known.</returns>
    private async Task<TimeSpan> ClaimAsync(CancellationToken cancellationToken)
    {
        var due = await _queue.FindDueAsync(cancellationToken);
        var now = _clock.UtcNow;
        var dueNow = due.FindAll(endpoint => endpoint.NextAttemptAt <= now);
        var settings = await _endpoints.GetAsync(dueNow.ConvertAll(endpoint => endpoint.EndpointId), cancellationToken);
        var wanted = Plan(dueNow, settings);
        if (wanted.Count > 0)
        {
            List<ClaimedDelivery> claimed = [];
            try
            {
                claimed = await _queue.ClaimAsync(_owner, TimeSpan.FromSeconds(_options.LeaseSeconds), wanted, cancellationToken);
            }
            finally
            {
                await AcceptAsync(claimed, wanted, cancellationToken);
            }
        }

        var later = due.Where(endpoint => endpoint.NextAttemptAt > now).Select(endpoint => endpoint.NextAttemptAt - now);
        return later.DefaultIfEmpty(TimeSpan.MaxValue).Min();
    }

    private List<(Guid EndpointId, int Count)> Plan(List<DueEndpoint> due, IReadOnlyDictionary<Guid, EndpointSettings> settings)
    {
        List<(Guid EndpointId, int Count)> wanted = [];
        lock (_lock)
        {
            _hasBacklog = false;
            foreach (var endpoint in due)
            {
                if (!settings.TryGetValue(endpoint.EndpointId, out var current))
                {
                    continue;
                }

                if (!_lanes.TryGetValue(endpoint.EndpointId, out var lane))
                {
                    lane = new EndpointLane(current, _options.MaxInFlightPerEndpoint);
                    _lanes.Add(endpoint.EndpointId, lane);
                }

                lane.Settings = current;
                var count = lane.Wanted;
                if (count > 0)
                {
                    lane.OnClaimed(_time.GetElapsedTime(lane.LastClaim));
                    lane.LastClaim = _time.GetTimestamp();
                    lane.IsClaiming = true;
                    wanted.Add((endpoint.EndpointId, count));
                }
                else
                {
                    _hasBacklog = true;
                }
            }
        }

        return wanted;
    }

    private async Task AcceptAsync(List<ClaimedDelivery> claimed, List<(Guid EndpointId, int Count)> wanted, CancellationToken cancellationToken)
    {
        List<DeliveryOutcome> discarded = [];
        lock (_lock)
        {
            foreach (var delivery in claimed)
            {
                var lane = _lanes[delivery.EndpointId];
                if (!lane.Settings.CanTake(delivery.Trigger))
                {
                    discarded.Add(new DeliveryOutcome(
                        delivery, null, DeliveryStatus.Discarded, delivery.PlanStep, null, "The endpoint was switched off or deleted before the delivery was made."));
                    continue;
                }

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

        foreach (var outcome in discarded)
        {
            await _outcomes.AddAsync(outcome, cancellationToken);
        }

        // Claiming brought something, so there may be more: look again without waiting.
        if (claimed.Count > 0)
        {
            _wake.Writer.TryWrite(true);
        }

        Pump(cancellationToken);
    }

    // Starts as many requests as the caps allow, taking the lanes in turn.
    private void Pump(CancellationToken stopping)
    {
        while (true)
        {
            ClaimedDelivery delivery;
            EndpointLane lane;
            lock (_lock)
            {
                if (stopping.IsCancellationRequested || _unwritten >= _options.MaxInFlight || !_ready.TryDequeue(out lane!))
                {
                    return;
                }

                lane.IsQueued = false;
                if (!lane.Waiting.TryDequeue(out delivery!))
                {
                    continue;
                }

                if (delivery.LeaseEnd - _clock.UtcNow < lane.Settings.Timeout + _leaseMargin)
                {
                    // It waited too long here; when its lease is over it is claimed again.
                    Enqueue(lane);
                    continue;
                }

                lane.InFlight++;
                _unwritten++;
                Enqueue(lane);
            }

            _ = SendAsync(lane, delivery, stopping);
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

    private async Task SendAsync(EndpointLane lane, ClaimedDelivery delivery, CancellationToken stopping)
    {
        // The claiming loop goes on while requests run on the pool's threads.
        await Task.Yield();
        var (answered, sent) = (false, false);
        try
        {
            var attempt = await _sender.SendAsync(delivery, lane.Settings, CancellationToken.None);
            answered = attempt.ResponseStatus is not null && attempt.Outcome != AttemptOutcome.TimedOut;
            await _outcomes.AddAsync(Judge(delivery, lane.Settings, attempt), CancellationToken.None);
            sent = true;
        }
        catch (Exception exception)
        {
            // A bug in our own code: the lease runs out and the delivery is tried again, and the log tells.
            WebhookLog.SendFailed(_log, PublicId.Format(PublicId.Delivery, delivery.Id), exception);
        }

        bool look;
        lock (_lock)
        {
            lane.InFlight--;
            if (!sent)
            {
                _unwritten--;
            }

            lane.OnSent(answered);
            Enqueue(lane);
            look = _hasBacklog && lane.Wanted > 0;
            ForgetIfIdle(lane);
        }

        if (look)
        {
            _wake.Writer.TryWrite(true);
        }

        Pump(stopping);
    }

    private void OnWritten(int count, CancellationToken stopping)
    {
        lock (_lock)
        {
            _unwritten -= count;
        }

        Pump(stopping);
    }

    private DeliveryOutcome Judge(ClaimedDelivery delivery, EndpointSettings endpoint, AttemptResult attempt)
    {
        var step = delivery.PlanStep + 1;
        if (attempt.Outcome == AttemptOutcome.Delivered)
        {
            return new DeliveryOutcome(delivery, attempt, DeliveryStatus.Delivered, step, null, null);
        }

        var delay = delivery.Trigger == DeliveryTrigger.Test
            ? null
            : RetryPlan.NextDelay(endpoint.RetryDelays, step, attempt.RetryAfter, Random.Shared.NextDouble());
        return delay is { } wait
            ? new DeliveryOutcome(delivery, attempt, DeliveryStatus.Retrying, step, _clock.UtcNow + wait, attempt.Error)
            : new DeliveryOutcome(delivery, attempt, DeliveryStatus.Failed, step, null, attempt.Error);
    }

    private async Task WaitAsync(TimeSpan untilDue, CancellationToken cancellationToken)
    {
        var poll = TimeSpan.FromSeconds(_options.PollSeconds);
        using var timeout = new CancellationTokenSource(untilDue < poll ? untilDue : poll, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _wake.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look again without a signal.
        }
    }

    // Gives back what was not begun, and lets what is under way end and be written.
    private async Task StopAsync()
    {
        List<ClaimedDelivery> waiting;
        lock (_lock)
        {
            waiting = [.. _lanes.Values.SelectMany(lane => lane.Waiting)];
            foreach (var lane in _lanes.Values)
            {
                lane.Waiting.Clear();
            }
        }

        if (waiting.Count > 0)
        {
            await RetryAsync(() => _queue.ReleaseAsync(_owner, waiting, CancellationToken.None), CancellationToken.None);
        }

        while (Volatile.Read(ref _unwritten) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }

        await _outcomes.StopAsync();
    }

    private async Task RetryAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Leases end by themselves; this only spares the wait.
            WebhookLog.DispatcherFailed(_log, exception);
        }
    }
}
