namespace Integrations.Core.Storage;

/// <summary>
/// The time by which leases and due times run: steady, so that a wall clock that jumps neither stalls a retry nor sends it twice, and on PostgreSQL the
/// server's, so that nodes whose clocks differ agree. What people and programs see is told by the wall clock.
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

    /// <summary>A time of this clock as the wall clock would tell it.</summary>
    public DateTimeOffset ToWall(DateTimeOffset moment)
    {
        var difference = time.GetUtcNow() - UtcNow;
        // Nothing but rounding lies below a second.
        return difference.Duration() < TimeSpan.FromSeconds(1) ? moment : moment + difference;
    }
}
