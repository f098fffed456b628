using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Webhooks.Replays;

/// <summary>Moves this node's replays on, each in turn: to the queue, from which the dispatcher sends.</summary>
internal sealed class ReplayRunner : BackgroundService
{
    private const string ActorName = "webhook replays";
    // For signals that were lost while nothing runs.
    private static readonly TimeSpan _idlePoll = TimeSpan.FromSeconds(5);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private readonly Dictionary<Guid, ReplayPace> _paces = [];
    private readonly ReplayQueue _queue;
    private readonly ReplayService _service;
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly TimeSpan _poll;
    private readonly ILogger<ReplayRunner> _log;
    private readonly SignalWaiter _wake;
    private volatile HashSet<Guid> _organizations = [];

    public ReplayRunner(
        ReplayQueue queue, ReplayService service, Database database, TimeProvider time, HubSignals signals, IOptions<WebhookOptions> options, ILogger<ReplayRunner> log)
    {
        _queue = queue;
        _service = service;
        _database = database;
        _time = time;
        _poll = TimeSpan.FromSeconds(options.Value.PollSeconds);
        _log = log;
        // Deliveries that were sent make room for more.
        _wake = new SignalWaiter(signals, signal => signal.Kind is HubSignalKind.ReplaysChanged or HubSignalKind.EndpointsChanged
            || (signal.Kind == HubSignalKind.DeliveriesChanged && _organizations.Contains(signal.OrganizationId)));
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One hub serves a SQLite file, so whatever is held was held by one that was killed.
        var isClean = _database.Provider != DatabaseProvider.Sqlite;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isClean)
                {
                    await _queue.ReleaseAllAsync(stoppingToken);
                    isClean = true;
                }

                await WaitAsync(await MoveOnAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // The database went away; a replay stands there as it was after its last step.
                WebhookLog.ReplayRunnerFailed(_log, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await ReleaseAsync();
    }

    /// <returns>How long nothing is to be done, as far as is known.</returns>
    private async Task<TimeSpan> MoveOnAsync(CancellationToken cancellationToken)
    {
        var replays = await _queue.TakeAsync(_owner, cancellationToken);
        // Before the steps, so that what is sent meanwhile wakes it.
        _organizations = [.. replays.Select(replay => replay.OrganizationId)];
        foreach (var gone in _paces.Keys.Except(replays.Select(replay => replay.Id)).ToList())
        {
            _paces.Remove(gone);
        }

        var wait = replays.Count > 0 ? _poll : _idlePoll;
        foreach (var replay in replays)
        {
            if (!_paces.TryGetValue(replay.Id, out var pace))
            {
                _paces[replay.Id] = pace = new ReplayPace(replay.RatePerSecond, _time);
            }

            if (pace.Wait > TimeSpan.Zero || await StepAsync(replay, pace, cancellationToken) == StepOutcome.More)
            {
                wait = pace.Wait < wait ? pace.Wait : wait;
            }
        }

        return wait;
    }

    private async Task<StepOutcome> StepAsync(HeldReplay replay, ReplayPace pace, CancellationToken cancellationToken)
    {
        var step = await _queue.StepAsync(_owner, replay.Id, pace.Lot, cancellationToken);
        pace.OnQueued(step.Queued);
        try
        {
            if (step.Outcome == StepOutcome.EndpointOff)
            {
                await _service.PauseAsync(Actor.System(ActorName, replay.OrganizationId), replay.Id, cancellationToken);
            }
            else if (step.Outcome == StepOutcome.EndpointDeleted)
            {
                await _service.CancelAsync(Actor.System(ActorName, replay.OrganizationId), replay.Id, cancellationToken);
            }
        }
        catch (Refusal)
        {
            // Somebody else ended it in the same moment.
        }

        return step.Outcome;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
        {
            return;
        }

        await _wake.WaitAsync(wait, _time, cancellationToken);
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await _queue.ReleaseAsync(_owner, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Leases end by themselves; this only spares the wait.
            WebhookLog.ReplayRunnerFailed(_log, exception);
        }
    }
}
