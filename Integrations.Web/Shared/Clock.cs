namespace Integrations.Web.Shared;

/// <summary>One timer a circuit, so that fifty relative times on a page do not start fifty.</summary>
public sealed class Clock(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private Action? _ticked;

    public event Action? Ticked
    {
        add
        {
            lock (_gate)
            {
                _ticked += value;
                _timer ??= time.CreateTimer(static state => ((Clock)state!)._ticked?.Invoke(), this, Interval, Interval);
            }
        }
        remove
        {
            lock (_gate)
            {
                _ticked -= value;
            }
        }
    }

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public void Dispose() => _timer?.Dispose();
}
