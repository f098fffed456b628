namespace Integrations.Core.Storage;

/// <summary>
/// The time by which leases and due times run: the database's, so that nodes with different clocks agree, and steady, so that a wall clock that jumps neither
/// stalls a retry nor sends it twice.
/// </summary>
public sealed class DatabaseClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _startTimestamp = time.GetTimestamp();
    private DateTimeOffset _start = time.GetUtcNow();

    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_lock)
            {
                return _start + time.GetElapsedTime(_startTimestamp);
            }
        }
    }

    /// <summary>Sets the clock by a time that the database told.</summary>
    public void Set(DateTimeOffset databaseNow)
    {
        lock (_lock)
        {
            _startTimestamp = time.GetTimestamp();
            _start = databaseNow;
        }
    }
}
