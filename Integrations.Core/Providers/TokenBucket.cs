namespace Integrations.Core.Providers;

/// <summary>Lets requests through at a provider's rate: a full bucket at once, then as it fills.</summary>
internal sealed class TokenBucket(ProviderRateLimit limit, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = limit.Requests;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes one token.</summary>
    /// <returns>How long to wait before using it.</returns>
    public TimeSpan Take()
    {
        if (limit.Requests == 0)
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            var perSecond = limit.Requests / limit.Per.TotalSeconds;
            _tokens = Math.Min(limit.Requests, _tokens + time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond);
            _filledAt = now;
            // Below zero is what others are waiting for already: they keep their turn.
            _tokens--;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / perSecond);
        }
    }

    /// <summary>Gives a token back that was not used.</summary>
    public void Return()
    {
        lock (_lock)
        {
            _tokens = Math.Min(limit.Requests, _tokens + 1);
        }
    }
}
