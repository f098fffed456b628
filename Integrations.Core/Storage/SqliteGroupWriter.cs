using System.Threading.Channels;
using Microsoft.Data.Sqlite;

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

    public SqliteGroupWriter(Database database, SqliteWriteGate gate, HubSignals signals)
    {
        _database = database;
        _gate = gate;
        _signals = signals;
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
        try
        {
            WriteLots();
        }
        catch (Exception exception)
        {
            // Nothing will be written any more: callers must hear it rather than wait.
            _queue.Writer.TryComplete(exception);
            while (_queue.Reader.TryRead(out var work))
            {
                work.Fail(exception);
            }

            throw;
        }
    }

    private void WriteLots()
    {
        using var connection = _database.OpenSqlite();
        using var session = new SqliteWriteSession(connection);
        List<Work> lot = new(MaxLot);
        while (WaitToRead())
        {
            using var gate = _gate.Enter();
            try
            {
                using var transaction = connection.BeginTransaction();
                session.Begin(transaction);
                while (lot.Count < MaxLot && _queue.Reader.TryRead(out var work))
                {
                    lot.Add(work);
                    work.Run(session);
                }

                transaction.Commit();
                foreach (var work in lot)
                {
                    work.Complete();
                }

                session.Publish(_signals);
            }
            catch (SqliteException exception)
            {
                // The whole lot is undone: a full disk, or a lock that another process did not give back in time.
                foreach (var work in lot)
                {
                    work.Fail(exception);
                }
            }

            lot.Clear();
        }
    }

    private bool WaitToRead()
    {
        var wait = _queue.Reader.WaitToReadAsync();
        return wait.IsCompletedSuccessfully ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
    }

    private abstract class Work
    {
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
                session.UndoWork();
                _exception = exception;
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
