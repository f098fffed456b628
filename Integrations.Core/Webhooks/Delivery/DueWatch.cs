namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Knows which endpoints have something due. Finding out costs as much as reading for several of them, so it is done at news, and else only now and then.</summary>
internal sealed class DueWatch(DeliveryQueue queue, DispatchLanes lanes, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    private volatile bool _hasNews = true;
    private long _found;

    /// <summary>When the next delivery is due that was not due at the last look; never, as far as is known, where there is none.</summary>
    public DateTimeOffset Next { get; private set; }

    /// <summary>Something may be due that was not, or an endpoint may be taken.</summary>
    public void OnNews() => _hasNews = true;

    public async Task<List<DueEndpoint>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!_hasNews && Next > now && time.GetElapsedTime(_found) < _interval)
        {
            // It was only to read on where more is due than was read.
            return lanes.Hungry();
        }

        _hasNews = false;
        var due = await queue.FindDueAsync(now, cancellationToken);
        _found = time.GetTimestamp();
        Next = due.Min(endpoint => endpoint.Next) ?? DateTimeOffset.MaxValue;
        return due.FindAll(endpoint => endpoint.First <= now);
    }
}
