namespace Integrations.Core.Webhooks.Delivery;

/// <summary>The deliveries of one endpoint that this node holds. Each endpoint has its own lane, so that a slow one holds up nobody else. Guarded by the dispatcher's lock.</summary>
internal sealed class EndpointLane(EndpointSettings settings)
{
    private const int MinLot = 32;
    private const int MaxLot = 512;
    private static readonly TimeSpan _quick = TimeSpan.FromSeconds(1);

    private int _lot = MinLot;

    public EndpointSettings Settings { get; set; } = settings;

    public Queue<ClaimedDelivery> Waiting { get; } = new();

    public int InFlight { get; set; }

    /// <summary>Whether the lane stands in the dispatcher's queue of lanes that can send.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether a claim for this lane is under way, so that it must not be forgotten.</summary>
    public bool IsClaiming { get; set; }

    public bool IsIdle => InFlight == 0 && Waiting.Count == 0 && !IsClaiming;

    /// <summary>How many deliveries to claim now: none while enough wait here, since what is claimed and not sent only loses its lease.</summary>
    public int Wanted => Waiting.Count * 2 > _lot ? 0 : _lot - Waiting.Count;

    /// <summary>Fits the size of the next lots to how fast the endpoint takes them.</summary>
    public void OnClaimed(TimeSpan sinceLastClaim) =>
        _lot = sinceLastClaim < _quick ? Math.Min(MaxLot, _lot * 2) : Math.Max(MinLot, _lot / 2);

    public long LastClaim { get; set; }
}
