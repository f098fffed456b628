using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Storage;

/// <summary>
/// The one writer of the hot tables on SQLite. It takes everything that waits, runs each piece of work in a savepoint, and commits once: a sync to disk
/// costs the same for one piece as for hundreds.
/// </summary>
internal sealed class SqliteGroupWriter : IGroupWriter, IAsyncDisposable
{
    // Bounds how long the first caller of a lot waits for the last.
    private const int MaxLot = 256;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Lazy<Task> _loop;
    private readonly Database _database;
    private readonly SqliteWriteGate _gate;
    private readonly HubSignals _signals;
    private readonly ILogger<SqliteGroupWriter> _log;
    private SqliteWriteSession? _session;

    public SqliteGroupWriter(Database database, SqliteWriteGate gate, HubSignals signals, ILogger<SqliteGroupWriter> log)
    {
        _database = database;
        _gate = gate;
        _signals = signals;
        _log = log;
        // A thread of its own: SQLite's calls block.
        _loop = new Lazy<Task>(() => Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    public async Task<T> WriteAsync<T>(Func<WriteSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        _ = _loop.Value;
        var item = new Work<T>(work);
        await _queue.Writer.WriteAsync(item, cancellationToken);
        // Once queued the work will be done; a caller who leaves now would not know whether it was, so there is no cancellation here.
        return await item.Result;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            await _loop.Value;
        }
    }

    private void Run()
    {
        List<Work> lot = new(MaxLot);
        while (WaitToRead())
        {
            using var gate = _gate.Enter();
            try
            {
                Write(lot);
            }
            catch (Exception exception)
            {
                // The whole lot is undone: a full disk, a broken file, a lock that another process did not give back in time. The connection may be
                // in any state, so the next lot begins with a new one.
                StorageLog.LotFailed(_log, lot.Count, exception);
                lot.ForEach(work => work.Fail(exception));
                _session?.Dispose();
                _session = null;
            }

            lot.Clear();
        }

        _session?.Dispose();
    }

    private void Write(List<Work> lot)
    {
        // The first is taken before anything can fail, so that a fault always reaches somebody.
        if (!Take(lot))
        {
            return;
        }

        _session ??= new SqliteWriteSession(_database.OpenSqliteStatements());
        _session.Begin();
        lot[0].Run(_session);
        while (lot.Count < MaxLot && Take(lot))
        {
            lot[^1].Run(_session);
        }

        _session.Commit();
        lot.ForEach(work => work.Complete());
        _session.Publish(_signals);
    }

    private bool Take(List<Work> lot)
    {
        if (!_queue.Reader.TryRead(out var work))
        {
            return false;
        }

        lot.Add(work);
        return true;
    }

    private bool WaitToRead()
    {
        var wait = _queue.Reader.WaitToReadAsync();
        return wait.IsCompletedSuccessfully ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
    }

    private abstract class Work
    {
        /// <summary>Does the work; a fault of its own is kept, and only one of the transaction comes out.</summary>
        public abstract void Run(SqliteWriteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(Func<WriteSession, ValueTask<T>> work) : Work
    {
        // Continuations must not run on the writer's thread, or callers would hold up the next lot.
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;
        private Exception? _exception;

        public Task<T> Result => _completion.Task;

        public override void Run(SqliteWriteSession session)
        {
            session.BeginWork();
            try
            {
                var pending = work(session);
                _value = pending.IsCompleted
                    ? pending.GetAwaiter().GetResult()
                    : throw new InvalidOperationException("Work for the group writer must wait for nothing but its session.");
                session.EndWork();
            }
            catch (Exception exception)
            {
                _exception = exception;
                // Throws when SQLite has rolled everything back by itself, as it does when the disk is full.
                session.UndoWork();
            }
        }

        public override void Complete()
        {
            if (_exception is null)
            {
                _completion.SetResult(_value!);
            }
            else
            {
                _completion.SetException(_exception);
            }
        }

        public override void Fail(Exception exception) => _completion.TrySetException(_exception ?? exception);
    }
}
