namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Holds requests to a number in any second: the starts of the last second are remembered, and when they are as many, the next waits until the first of them is
/// a second old. One that was let go and has not begun yet counts too, since a busy machine may begin it late.
/// </summary>
internal sealed class RateWindow(TimeProvider time)
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly Queue<long> _begun = new();
    private int _letGo;

    public void LetGo() => _letGo++;

    public void Begin()
    {
        _letGo--;
        _begun.Enqueue(time.GetTimestamp());
    }

    /// <returns>How long the next request has to wait at least; zero when it may go.</returns>
    public TimeSpan Wait(int limit)
    {
        while (_begun.Count > 0 && time.GetElapsedTime(_begun.Peek()) >= _second)
        {
            _begun.Dequeue();
        }

        if (_begun.Count + _letGo < limit)
        {
            return TimeSpan.Zero;
        }

        // A limit that was lowered waits for as many of the oldest as are over it.
        var over = _begun.Count + _letGo - limit;
        return over < _begun.Count ? _second - time.GetElapsedTime(_begun.ElementAt(over)) : _second;
    }
}
