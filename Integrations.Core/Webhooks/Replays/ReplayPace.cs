namespace Integrations.Core.Webhooks.Replays;

/// <summary>Holds a replay to its rate: many small lots in place of one each second, so that the endpoint gets an even stream.</summary>
internal sealed class ReplayPace(int? ratePerSecond, TimeProvider time)
{
    private const int LotsPerSecond = 10;

    private TimeSpan _wait = TimeSpan.Zero;
    private long _since = time.GetTimestamp();

    /// <summary>How long nothing more may be sent.</summary>
    public TimeSpan Wait => _wait - time.GetElapsedTime(_since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>How many may be sent at once.</summary>
    public int Lot => ratePerSecond is { } rate ? Math.Clamp(rate / LotsPerSecond, 1, ReplayQueue.MaxLot) : ReplayQueue.MaxLot;

    public void OnQueued(int count)
    {
        if (ratePerSecond is { } rate && count > 0)
        {
            _wait = Wait + TimeSpan.FromSeconds((double)count / rate);
            _since = time.GetTimestamp();
        }
    }
}
