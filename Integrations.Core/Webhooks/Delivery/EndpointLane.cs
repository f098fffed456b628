using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>What this node holds for one endpoint and how fast it may go. Guarded by <see cref="DispatchLanes"/>.</summary>
internal sealed class EndpointLane
{
    private const int MinLot = 32;
    private const int MaxLot = 512;
    private const int MaxUrgent = 128;
    // Some hundred deliveries a second.
    private const int QuickLot = 128;
    private const int StartWindow = 4;
    private static readonly TimeSpan _quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _wholeLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _noMoreYields = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _servingMargin = TimeSpan.FromSeconds(5);

    private readonly Queue<ClaimedDelivery> _urgent = new();
    private readonly Queue<ClaimedDelivery> _waiting = new();
    private readonly RateWindow _rate;
    private readonly DatabaseClock _clock;
    private readonly TimeProvider _time;
    private readonly int _defaultCap;
    private ReadMark? _mark;
    private bool _gaveUpMeanwhile;
    private long _lookedWhole;
    private long _yieldingSince;
    private long? _yieldedInVain;
    private DateTimeOffset? _storedCircuit;
    private int _circuitWrites;
    private int _lot = MinLot;
    private double _window = StartWindow;

    public EndpointLane(EndpointSettings settings, int defaultCap, DatabaseClock clock, TimeProvider time)
    {
        Settings = settings;
        _defaultCap = defaultCap;
        _clock = clock;
        _time = time;
        _rate = new RateWindow(time);
        Circuit = new CircuitBreaker(clock);
        Circuit.Restore(settings.Circuit, settings.CircuitOpenUntil);
        _storedCircuit = settings.CircuitOpenUntil;
    }

    public EndpointSettings Settings { get; private set; }

    public CircuitBreaker Circuit { get; }

    public int InFlight { get; private set; }

    /// <summary>Whether the lane stands in the dispatcher's queue of lanes that can send.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether a claim for this lane is under way, so that it must not be forgotten.</summary>
    public bool IsClaiming { get; set; }

    /// <summary>Until when this node serves the endpoint.</summary>
    public DateTimeOffset ServedUntil { get; set; }

    /// <summary>For how long this node must still serve the endpoint when a request begins: until its time-out, and until its outcome is written.</summary>
    public TimeSpan TimeForRequest => Settings.Timeout + _servingMargin;

    /// <summary>Deliveries that this node holds: those that wait here, those under way, and those whose outcome is not on disk.</summary>
    public int Held { get; private set; }

    /// <summary>Whether more may be due than was read.</summary>
    public bool MayHaveMore { get; set; }

    public long LastClaim { get; set; }

    /// <summary>Whether the endpoint is being left to another node: nothing more begins here, and what is under way ends.</summary>
    public bool IsYielding { get; private set; }

    /// <summary>Whether it can be left to another node now, with nothing under way.</summary>
    public bool HasYielded => IsYielding && InFlight == 0 && Held == 0 && !IsClaiming && _circuitWrites == 0;

    /// <summary>Whether what is under way takes so long that the endpoint is better kept.</summary>
    public bool YieldsInVain => IsYielding && !HasYielded && _time.GetElapsedTime(_yieldingSince) > _quick;

    /// <summary>
    /// Whether another node may have it at no cost: it goes through so much that what is under way ends in a moment, and nothing looks back that only this node knows, as a rate does.
    /// </summary>
    public bool IsQuick => _lot >= QuickLot && !(_yieldedInVain is { } vain && _time.GetElapsedTime(vain) < _noMoreYields) && Settings.RateLimitPerSecond is null && Circuit.OpenUntil is null;

    public bool HasWaiting => _waiting.Count > 0 || _urgent.Count > 0;

    /// <summary>Whether there is nothing to remember: no work, no fault that keeps the window small, and no cap that looks back.</summary>
    public bool CanBeForgotten =>
        InFlight == 0 && Held == 0 && !IsClaiming && !IsYielding && (Settings.Secret is null || (_window >= StartWindow && Settings is { RateLimitPerSecond: null, Circuit: null }));

    /// <summary>How many deliveries to take up now: none while enough wait here, since looks have their price.</summary>
    public int Wanted => IsYielding || _waiting.Count * 4 > _lot || (Settings.IsActive && Circuit.Wait() > TimeSpan.Zero) ? 0
        : Settings.IsActive && Circuit.IsHalfOpen ? 1
        : _lot - _waiting.Count;

    private int Cap => Settings.MaxInFlight ?? _defaultCap;

    /// <summary>When the next request may start: zero for at once; null when nothing waits here, or when one under way must end first.</summary>
    public TimeSpan? NextStart()
    {
        if (!HasWaiting || IsYielding || ServedUntil - _clock.UtcNow < TimeForRequest)
        {
            return null;
        }

        if (_urgent.Count > 0)
        {
            // A person waits for it: only what the endpoint's owner set holds it back.
            return InFlight < Cap ? RateWait() : null;
        }

        if (!Settings.IsActive)
        {
            // They are only discarded, which no limit has to hold back.
            return _waiting.Count > 0 ? TimeSpan.Zero : null;
        }

        if (_waiting.Count == 0 || InFlight >= Math.Min(Cap, Circuit.IsHalfOpen ? 1 : (int)_window))
        {
            return null;
        }

        var (rate, circuit) = (RateWait(), Circuit.Wait());
        return rate > circuit ? rate : circuit;
    }

    public void Apply(EndpointSettings settings)
    {
        // What another node or a person wrote counts, unless what this node found is still on its way there.
        var wroteElse = settings.CircuitOpenUntil != _storedCircuit && _circuitWrites == 0;
        if (settings.Circuit != Settings.Circuit || settings.IsActive != Settings.IsActive || wroteElse)
        {
            Circuit.Restore(settings.Circuit, settings.CircuitOpenUntil);
            _storedCircuit = settings.CircuitOpenUntil;
        }

        Settings = settings;
    }

    /// <summary>Another node may have served the endpoint meanwhile: its circuit is as that one wrote it.</summary>
    public void OnTaken()
    {
        Circuit.Restore(Settings.Circuit, Settings.CircuitOpenUntil);
        _storedCircuit = Settings.CircuitOpenUntil;
    }

    /// <summary>Begins to leave the endpoint to another node, until <see cref="StopYielding"/>.</summary>
    public void Yield()
    {
        IsYielding = true;
        _yieldingSince = _time.GetTimestamp();
    }

    /// <param name="inVain">Whether it stays here because what was under way took too long; then it is not tried again for some time.</param>
    public void StopYielding(bool inVain)
    {
        IsYielding = false;
        _yieldedInVain = inVain ? _time.GetTimestamp() : null;
    }

    /// <summary>The circuit is being written down, until <see cref="OnCircuitWritten"/>.</summary>
    public void OnCircuitChanged() => _circuitWrites++;

    public void OnCircuitWritten(DateTimeOffset? openUntil)
    {
        _circuitWrites--;
        _storedCircuit = openUntil;
    }

    /// <summary>
    /// What to read in a look, which ends with <see cref="OnLooked"/>: what comes after that which was read last, as long as there was more. Now and then all from the
    /// beginning, where what is urgent stands, and what another transaction committed late. Where nothing else may go, because the circuit is open or enough waits here, only what is
    /// urgent.
    /// </summary>
    public ClaimOrder Look(int wanted, bool serves, bool hasUrgent)
    {
        IsClaiming = true;
        _gaveUpMeanwhile = false;
        if (wanted == 0)
        {
            return new ClaimOrder(Settings.Id, hasUrgent ? MaxUrgent : 0, serves, UrgentOnly: hasUrgent);
        }

        if (_mark is { } mark && !hasUrgent && _time.GetElapsedTime(_lookedWhole) < _wholeLook)
        {
            return new ClaimOrder(Settings.Id, mark.Ties + wanted, serves, mark.At);
        }

        _lookedWhole = _time.GetTimestamp();
        return new ClaimOrder(Settings.Id, Held + wanted, serves);
    }

    /// <param name="mark">How far the look read; null when it read all there was, or failed.</param>
    /// <param name="heldAny">Whether it brought anything that was not held.</param>
    public void OnLooked(ClaimOrder order, ReadMark? mark, bool heldAny)
    {
        IsClaiming = false;
        MayHaveMore = order.Count == 0 || mark is not null || !order.IsWhole;
        if (order is { Count: > 0, UrgentOnly: false })
        {
            // Deliveries that are due at the same time come in no order, so a look that brought nothing may have missed some.
            _mark = heldAny && !_gaveUpMeanwhile ? mark : null;
        }
    }

    public void Add(ClaimedDelivery delivery)
    {
        Held++;
        (delivery.IsUrgent ? _urgent : _waiting).Enqueue(delivery);
    }

    /// <summary>A delivery that waits here has become urgent. One that waits no longer goes already.</summary>
    public void MoveUp(ClaimedDelivery urgent)
    {
        var before = _waiting.Count;
        for (var i = 0; i < before; i++)
        {
            var delivery = _waiting.Dequeue();
            if (delivery.Id != urgent.Id)
            {
                _waiting.Enqueue(delivery);
            }
        }

        if (_waiting.Count < before)
        {
            _urgent.Enqueue(urgent);
        }
    }

    /// <summary>A delivery that was taken out is held no longer.</summary>
    public void OnReleased() => Held--;

    /// <summary>Takes the next delivery out; null when none waits.</summary>
    public ClaimedDelivery? Take() => _urgent.TryDequeue(out var urgent) ? urgent : _waiting.TryDequeue(out var next) ? next : null;

    /// <summary>Gives up everything that was not begun.</summary>
    public List<ClaimedDelivery> TakeAll()
    {
        List<ClaimedDelivery> all = [.. _urgent, .. _waiting];
        Held -= all.Count;
        _mark = null;
        _gaveUpMeanwhile = true;
        _urgent.Clear();
        _waiting.Clear();
        return all;
    }

    /// <returns>Whether a rate wants to hear when it begins.</returns>
    public bool OnStarted(ClaimedDelivery delivery)
    {
        InFlight++;
        // What an endpoint that is off does not get is only discarded.
        if (Settings.RateLimitPerSecond is not null && (Settings.IsActive || delivery.IsUrgent))
        {
            _rate.LetGo();
            return true;
        }

        return false;
    }

    /// <summary>A request begins that was let go under a rate.</summary>
    public void OnBegun() => _rate.Begin();

    /// <summary>
    /// Fits the requests under way to what the endpoint takes, as TCP does: few at first, one more for each that is answered, halved when one is not. A dead
    /// endpoint holds a place or two of those that all endpoints share.
    /// </summary>
    public void OnSent(bool answered)
    {
        InFlight--;
        _window = answered ? Math.Min(Math.Max(Cap, StartWindow), _window + 1) : Math.Max(1, _window / 2);
    }

    /// <summary>Fits the size of the next lots to how fast the endpoint takes them.</summary>
    public void OnClaimed(TimeSpan sinceLastClaim) =>
        _lot = sinceLastClaim < _quick ? Math.Min(MaxLot, _lot * 2) : Math.Max(MinLot, _lot / 2);

    private TimeSpan RateWait() => Settings.RateLimitPerSecond is { } limit ? _rate.Wait(limit) : TimeSpan.Zero;
}
