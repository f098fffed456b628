namespace Integrations.Web.Shared;

/// <summary>One timer a circuit for each pace, so that fifty relative times on a page do not start fifty.</summary>
public sealed class Clock(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Ticker _slow = new(time, Interval);
    private readonly Ticker _fast = new(time, TimeSpan.FromSeconds(1));

    public event Action? Ticked
    {
        add => _slow.Add(value);
        remove => _slow.Remove(value);
    }

    /// <summary>For what counts down while somebody looks; it runs only as long as anybody listens.</summary>
    public event Action? SecondTicked
    {
        add => _fast.Add(value);
        remove => _fast.Remove(value);
    }

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public void Dispose()
    {
        _slow.Dispose();
        _fast.Dispose();
    }

    private sealed class Ticker(TimeProvider time, TimeSpan interval) : IDisposable
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;
        private Action? _ticked;

        public void Add(Action? handler)
        {
            lock (_gate)
            {
                _ticked += handler;
                _timer ??= time.CreateTimer(static state => ((Ticker)state!)._ticked?.Invoke(), this, interval, interval);
            }
        }

        public void Remove(Action? handler)
        {
            lock (_gate)
            {
                _ticked -= handler;
                if (_ticked is null)
                {
                    _timer?.Dispose();
                    _timer = null;
                }
            }
        }

        public void Dispose() => _timer?.Dispose();
    }
}
