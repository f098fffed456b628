namespace Integrations.Core.Webhooks.Delivery;

/// <summary>Holds requests to a number in any second: the last second's are remembered, and when they are as many, the next waits until the first of them is a second old.</summary>
internal sealed class RateWindow(TimeProvider time)
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly Queue<long> _sent = new();

    public void Add() => _sent.Enqueue(time.GetTimestamp());

    /// <returns>How long the next request has to wait; zero when it may go.</returns>
    public TimeSpan Wait(int limit)
    {
        while (_sent.Count > limit)
        {
            _sent.Dequeue();
        }

        var wait = _sent.Count < limit ? TimeSpan.Zero : _second - time.GetElapsedTime(_sent.Peek());
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
