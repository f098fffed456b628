namespace Integrations.Core.Webhooks.Delivery;

/// <summary>The deliveries of one endpoint that this node holds. Each endpoint has its own lane, so that a slow one holds up nobody else. Guarded by the dispatcher's lock.</summary>
internal sealed class EndpointLane(EndpointSettings settings, int defaultCap)
{
    private const int MinLot = 32;
    private const int MaxLot = 512;
    private const int StartWindow = 4;
    private static readonly TimeSpan _quick = TimeSpan.FromSeconds(1);

    private int _lot = MinLot;
    private double _window = StartWindow;

    public EndpointSettings Settings { get; set; } = settings;

    public Queue<ClaimedDelivery> Waiting { get; } = new();

    public int InFlight { get; set; }

    private int Cap => Settings.MaxInFlight ?? defaultCap;

    /// <summary>
    /// Fits the requests under way to what the endpoint takes, as TCP does: few at first, one more for each that is answered, halved when one is not. A dead
    /// endpoint holds a place or two of those that all endpoints share.
    /// </summary>
    public void OnSent(bool answered) => _window = answered ? Math.Min(Math.Max(Cap, StartWindow), _window + 1) : Math.Max(1, _window / 2);

    /// <summary>Whether the lane stands in the dispatcher's queue of lanes that can send.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether a claim for this lane is under way, so that it must not be forgotten.</summary>
    public bool IsClaiming { get; set; }

    /// <summary>Whether there is nothing to remember: no work, and no fault that keeps the window small.</summary>
    public bool CanBeForgotten => InFlight == 0 && Waiting.Count == 0 && !IsClaiming && _window >= StartWindow;

    /// <summary>Whether another request may start now.</summary>
    public bool CanSend => Waiting.Count > 0 && InFlight < Math.Min(Cap, (int)_window);

    /// <summary>How many deliveries to claim now: none while enough wait here, since what is claimed and not sent only loses its lease.</summary>
    public int Wanted => Waiting.Count * 2 > _lot ? 0 : _lot - Waiting.Count;

    /// <summary>Fits the size of the next lots to how fast the endpoint takes them.</summary>
    public void OnClaimed(TimeSpan sinceLastClaim) =>
        _lot = sinceLastClaim < _quick ? Math.Min(MaxLot, _lot * 2) : Math.Max(MinLot, _lot / 2);

    public long LastClaim { get; set; }
}
