namespace Integrations.Sandbox.Webhooks;

/// <summary>What one name has received and how it answers.</summary>
internal sealed class Mailbox(TimeProvider time, int kept)
{
    private readonly Lock _gate = new();
    private readonly Queue<ReceivedRequest> _requests = new();
    private readonly List<Waiter> _waiters = [];
    private readonly Dictionary<string, Answering> _asked = new(StringComparer.Ordinal);
    private Answering _answering = new(Behaviour.Ok);
    private string? _secret;
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Behave(Behaviour behaviour)
    {
        lock (_gate)
        {
            _answering = new Answering(behaviour);
        }
    }

    public void ExpectSecret(string? secret)
    {
        lock (_gate)
        {
            _secret = secret;
        }
    }

    public IReadOnlyList<ReceivedRequest> Requests()
    {
        lock (_gate)
        {
            return [.. _requests];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            Interlocked.Exchange(ref _count, 0);
        }
    }

    /// <summary>Records the request and tells how to answer it. <paramref name="asked"/> is the behaviour its own URL asks for.</summary>
    public Behaviour Record(ReceivedRequest request, Behaviour? asked)
    {
        lock (_gate)
        {
            var behaviour = (asked is null ? _answering : Remember(asked)).Next();
            _requests.Enqueue(request with
            {
                Number = Interlocked.Increment(ref _count),
                Answer = behaviour.Text,
            });
            if (_requests.Count > kept)
            {
                _requests.Dequeue();
            }

            foreach (var waiter in _waiters.Where(waiter => waiter.Wanted <= _count))
            {
                waiter.Reached.TrySetResult();
            }

            return behaviour;
        }
    }

    public ReceivedRequest Verified(ReceivedRequest request)
    {
        string? secret;
        lock (_gate)
        {
            secret = _secret;
        }

        request = request with { ReceivedAt = time.GetUtcNow() };
        return secret is null
            ? request
            : request with { HexValid = request.IsSignedInHexWith(secret), StandardValid = request.IsSignedInStandardWith(secret) };
    }

    public async Task WaitForAsync(long count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_count >= count)
            {
                return;
            }

            _waiters.Add(waiter);
        }

        try
        {
            // The system's clock: a test that fakes time still wants to fail in real time.
            await waiter.Reached.Task.WaitAsync(timeout, cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    /// <summary>A behaviour asked for by a URL keeps its own place in its steps.</summary>
    private Answering Remember(Behaviour asked)
    {
        if (!_asked.TryGetValue(asked.Text, out var answering))
        {
            _asked.Add(asked.Text, answering = new Answering(asked));
        }

        return answering;
    }

    private sealed class Answering(Behaviour behaviour)
    {
        private long _number;

        public Behaviour Next() => behaviour.At(_number++);
    }

    private sealed record Waiter(long Wanted, TaskCompletionSource Reached);
}
