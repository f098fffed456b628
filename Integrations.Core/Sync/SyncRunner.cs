using System.Collections.Concurrent;
using System.Data.Common;
using Integrations.Core.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Sync;

/// <summary>Takes runs up and executes a few of them at once. When the hub stops they stop after their lot, and go on when it or another node is there.</summary>
internal sealed class SyncRunner : BackgroundService
{
    // For signals that were lost, and for runs whose node is gone.
    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(5);

    private const int MaxBreaks = 5;

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private readonly SyncStore _store;
    private readonly SyncEngine _engine;
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly IOptions<SyncOptions> _options;
    private readonly ILogger<SyncRunner> _log;
    private readonly SignalWaiter _wake;

    public SyncRunner(SyncStore store, SyncEngine engine, Database database, TimeProvider time, HubSignals signals, IOptions<SyncOptions> options, ILogger<SyncRunner> log)
    {
        (_store, _engine, _database, _time, _options, _log) = (store, engine, database, time, options, log);
        _wake = new SignalWaiter(signals, signal => signal.Kind == HubSignalKind.SyncsQueued);
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
                    await _store.ReleaseAllAsync(stoppingToken);
                    isClean = true;
                }

                var free = _options.Value.MaxRunning - _running.Count;
                foreach (var id in await _store.TakeAsync(_owner, Math.Max(0, free), [.. _running.Keys], stoppingToken))
                {
                    // A run that ends at once must stand there before it takes itself out.
                    TaskCompletionSource noted = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _running[id] = RunAsync(id, noted.Task, stoppingToken);
                    noted.SetResult();
                }

                await _wake.WaitAsync(_poll, _time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                SyncLog.RunnerFailed(_log, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _store.ReleaseAsync(_owner, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Leases end by themselves; this only spares the wait.
            SyncLog.RunnerFailed(_log, exception);
        }
    }

    private async Task RunAsync(Guid id, Task noted, CancellationToken stoppingToken)
    {
        await noted;
        try
        {
            for (var breaks = 0; ;)
            {
                try
                {
                    await (breaks < MaxBreaks ? _engine.RunAsync(id, _owner, stoppingToken) : _engine.GiveUpAsync(id, _owner, stoppingToken));
                    return;
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // The run goes on from its last lot: at any time when the database was away, some times when the hub itself is at fault.
                    SyncLog.RunBroke(_log, PublicId.Format(PublicId.SyncRun, id), exception);
                    breaks += exception is DbException or IOException || exception.InnerException is DbException ? 0 : 1;
                    await Task.Delay(_poll, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It goes on when the hub is back.
        }
        finally
        {
            _running.TryRemove(id, out _);
            _wake.Wake();
        }
    }
}
