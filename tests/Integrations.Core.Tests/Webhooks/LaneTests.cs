using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>How fast one endpoint may go, on a clock that moves only when told.</summary>
public sealed class LaneTests
{
    private readonly FakeClock _time = new();
    private readonly DeliveriesUnderWay _underWay = new();
    private readonly DatabaseClock _clock;
    private readonly DispatchLanes _lanes;

    public LaneTests()
    {
        _clock = new DatabaseClock(_time);
        _lanes = new DispatchLanes(new WebhookOptions(), _underWay, _clock, _time);
    }

    [Fact]
    public void TryTake_WithARate_LetsNoMoreGoWithinAnySecond()
    {
        var endpoint = Endpoint() with { RateLimitPerSecond = 3 };
        Hold(endpoint, 9);
        List<DateTimeOffset> sent = [];
        for (var step = 0; step < 400; step++)
        {
            foreach (var (lane, delivery) in TakeAll())
            {
                sent.Add(_time.GetUtcNow());
                End(lane, delivery, 200);
            }

            _time.Advance(TimeSpan.FromMilliseconds(10));
            _lanes.NextStart();
        }

        Assert.Equal(9, sent.Count);
        Assert.All(sent.Skip(3).Zip(sent), pair => Assert.True(pair.First - pair.Second >= TimeSpan.FromSeconds(1)));
        Assert.True(sent[^1] - sent[0] < TimeSpan.FromSeconds(2.2));
    }

    [Fact]
    public void NextStart_WithARateUsedUp_TellsWhenTheNextMayGo()
    {
        Hold(Endpoint() with { RateLimitPerSecond = 2 }, 3);
        Assert.Equal(2, TakeAll().Count);
        _time.Advance(TimeSpan.FromMilliseconds(300));

        Assert.Equal(TimeSpan.FromMilliseconds(700), _lanes.NextStart());
        _time.Advance(TimeSpan.FromMilliseconds(700));
        Assert.Equal(TimeSpan.Zero, _lanes.NextStart());
        Assert.Single(TakeAll());
        Assert.Null(_lanes.NextStart());
    }

    [Fact]
    public void TryTake_WithACapOnRequestsUnderWay_LetsTheNextGoWhenOneEnds()
    {
        Hold(Endpoint() with { MaxInFlight = 2 }, 5);

        var first = TakeAll();
        Assert.Equal(2, first.Count);
        _lanes.OnSent(first[0].Lane, Answer(200));
        Assert.Single(TakeAll());
    }

    [Fact]
    public void TryTake_WithATest_LetsItPassWhatWaits()
    {
        var endpoint = Endpoint() with { MaxInFlight = 1 };
        Hold(endpoint, 5);
        var first = Assert.Single(TakeAll());
        Hold(endpoint, 1, DeliveryTrigger.Test);
        _lanes.OnSent(first.Lane, Answer(200));

        Assert.Equal(DeliveryTrigger.Test, Assert.Single(TakeAll()).Delivery.Trigger);
    }

    [Fact]
    public void TryTake_WithARetryByHandWhileTheCircuitIsOpen_LetsItGoAndFollowsItsOutcome()
    {
        var endpoint = Endpoint() with { Circuit = new CircuitSettings(3, TimeSpan.FromSeconds(60)), CircuitOpenUntil = _clock.UtcNow.AddSeconds(60) };
        Assert.Empty(Plan(endpoint));

        var orders = _lanes.Plan([new DueEndpoint(endpoint.Id, WebhookDelivery.Urgent, null)], Settings(endpoint));
        Accept(orders, Delivery(endpoint) with { IsUrgent = true });

        var taken = Assert.Single(TakeAll());
        var after = _lanes.OnSent(taken.Lane, Answer(200));
        Assert.Equal((true, null), (after.CircuitChanged, after.CircuitOpenUntil));
    }

    [Fact]
    public void Circuit_AfterSoManyFailures_RestsAndThenLetsOneThrough()
    {
        var endpoint = Endpoint() with { Circuit = new CircuitSettings(3, TimeSpan.FromSeconds(60)) };
        Hold(endpoint, 10);
        AfterSending after = default!;
        // At once as many go as the first window allows; the third failure opens the circuit.
        foreach (var (lane, _) in TakeAll().Take(3))
        {
            after = _lanes.OnSent(lane, Answer(500));
        }

        Assert.True(after.CircuitChanged);
        Assert.Equal(_clock.UtcNow + TimeSpan.FromSeconds(60), after.CircuitOpenUntil);
        // What waited is given up: a rest may be long.
        Assert.Empty(_lanes.Waiting());
        Assert.Empty(Plan(endpoint));

        _time.Advance(TimeSpan.FromSeconds(60));
        // The one to try, behind those whose outcomes are not on disk.
        Assert.Equal(_underWay.All.Count + 1, Assert.Single(Plan(endpoint)).Count);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(500, true)]
    public void Circuit_AfterItsRest_ClosesOrOpensByTheOneTry(int status, bool opensAgain)
    {
        var endpoint = Endpoint() with { Circuit = new CircuitSettings(2, TimeSpan.FromSeconds(5)), CircuitOpenUntil = _clock.UtcNow.AddSeconds(5) };
        _time.Advance(TimeSpan.FromSeconds(5));
        Hold(endpoint, 4);
        var probe = Assert.Single(TakeAll());

        var after = _lanes.OnSent(probe.Lane, Answer(status));

        Assert.True(after.CircuitChanged);
        Assert.Equal(opensAgain ? _clock.UtcNow.AddSeconds(5) : null, after.CircuitOpenUntil);
        Assert.Equal(opensAgain ? 0 : 3, TakeAll().Count);
    }

    [Fact]
    public void Plan_WithACircuitThatAnotherNodeOpenedOrAPersonClosed_FollowsIt()
    {
        var endpoint = Endpoint() with { Circuit = new CircuitSettings(3, TimeSpan.FromSeconds(60)) };
        Hold(endpoint, 5);
        Assert.NotEmpty(TakeAll());

        Assert.Empty(Plan(endpoint with { CircuitOpenUntil = _clock.UtcNow.AddSeconds(30) }));
        Assert.Single(Plan(endpoint));
    }

    [Fact]
    public void Accept_WithWhatIsHeldAndHasBecomeUrgent_MovesItUpOnce()
    {
        var endpoint = Endpoint() with { MaxInFlight = 1 };
        ClaimedDelivery[] waiting = [Delivery(endpoint), Delivery(endpoint), Delivery(endpoint)];
        Plan(endpoint, DeliveryTrigger.Event, waiting);
        var first = Assert.Single(TakeAll());

        Plan(endpoint, DeliveryTrigger.Test, waiting[2] with { IsUrgent = true });
        Plan(endpoint, DeliveryTrigger.Test, waiting[2] with { IsUrgent = true });

        List<Guid> sent = [];
        for (var (lane, delivery) = first; ; (lane, delivery) = TakeAll()[0])
        {
            sent.Add(delivery.Id);
            End(lane, delivery, 200);
            if (sent.Count == 3)
            {
                break;
            }
        }

        Assert.Equal([waiting[0].Id, waiting[2].Id, waiting[1].Id], sent);
        Assert.Empty(TakeAll());
    }

    [Fact]
    public void TryTake_WithTestsOfAnEndpointThatIsOff_KeepsToItsRate()
    {
        Hold(Endpoint() with { RateLimitPerSecond = 2, IsActive = false }, 5, DeliveryTrigger.Test);

        Assert.Equal(2, TakeAll().Count);
    }

    [Fact]
    public void TryTake_WithAnEndpointThatIsOff_IsHeldBackByNoLimit()
    {
        var endpoint = Endpoint() with { RateLimitPerSecond = 1, MaxInFlight = 1, IsActive = false };
        Hold(endpoint, 10);

        Assert.Equal(10, TakeAll().Count);
    }

    [Fact]
    public void Accept_WithADeliveryThatEndedWhileItWasRead_LeavesItOut()
    {
        var endpoint = Endpoint();
        Hold(endpoint, 1);
        var (lane, delivery) = Assert.Single(TakeAll());
        var orders = _lanes.Plan([new DueEndpoint(endpoint.Id, _clock.UtcNow, null)], Settings(endpoint));
        End(lane, delivery, 200);

        Accept(orders, delivery, Delivery(endpoint));

        Assert.NotEqual(delivery.Id, Assert.Single(TakeAll()).Delivery.Id);
    }

    [Fact]
    public void Accept_WithWhatIsHeldAlready_TakesItOnce()
    {
        var endpoint = Endpoint();
        var delivery = Delivery(endpoint);
        Assert.Equal(32, Assert.Single(Plan(endpoint, DeliveryTrigger.Event, delivery)).Count);
        // What is held is due until its outcome is written, so it is read again and again.
        Assert.Equal(32, Assert.Single(Plan(endpoint, DeliveryTrigger.Event, delivery)).Count);

        Assert.Single(TakeAll());
    }

    [Fact]
    public void Withdraw_WithWhatWaitsAndWhatIsBeingRead_ReadsBothAgain()
    {
        var endpoint = Endpoint();
        Hold(endpoint, 3);
        var orders = _lanes.Plan([new DueEndpoint(endpoint.Id, _clock.UtcNow, null)], Settings(endpoint));
        _lanes.Withdraw(endpoint.OrganizationId);
        Accept(orders, Delivery(endpoint));

        Assert.Empty(TakeAll());
        Hold(endpoint, 2);
        Assert.Equal(2, TakeAll().Count);
    }

    [Fact]
    public void OnLost_WithAnOutcomeThatCannotBeWritten_HoldsTheDeliveryForALeaseAndThenLetsItGo()
    {
        var endpoint = Endpoint();
        Hold(endpoint, 1);
        var (lane, delivery) = Assert.Single(TakeAll());
        _lanes.OnSent(lane, null);
        _lanes.OnLost(delivery);

        Assert.True(_underWay.IsHeld(delivery.Id));
        Assert.False(_lanes.HasUnwritten);
        _time.Advance(TimeSpan.FromSeconds(new WebhookOptions().LeaseSeconds + 1));
        _lanes.ReleaseSetAside();
        Assert.False(_underWay.IsHeld(delivery.Id));
    }

    private void Accept(List<ClaimOrder> orders, params ClaimedDelivery[] found) =>
        _lanes.Accept(orders, new Claim(new Dictionary<Guid, ServedEndpoint>(), found, new Dictionary<Guid, ReadMark>()));

    private List<(EndpointLane Lane, ClaimedDelivery Delivery)> TakeAll()
    {
        List<(EndpointLane, ClaimedDelivery)> taken = [];
        while (_lanes.TryTake(out var lane, out var delivery, out var isPaced))
        {
            if (isPaced)
            {
                _lanes.OnBegun(lane);
            }

            taken.Add((lane, delivery));
        }

        return taken;
    }

    private void Hold(EndpointSettings endpoint, int count, DeliveryTrigger trigger = DeliveryTrigger.Event)
    {
        Assert.Single(Plan(endpoint, trigger, [.. Enumerable.Range(0, count).Select(_ => Delivery(endpoint, trigger))]));
    }

    private List<ClaimOrder> Plan(EndpointSettings endpoint, DeliveryTrigger trigger = DeliveryTrigger.Event, params ClaimedDelivery[] found)
    {
        var due = trigger == DeliveryTrigger.Test ? WebhookDelivery.Urgent : _clock.UtcNow;
        var orders = _lanes.Plan([new DueEndpoint(endpoint.Id, due, null)], Settings(endpoint));
        Accept(orders, found);
        return orders;
    }

    private void End(EndpointLane lane, ClaimedDelivery delivery, int status)
    {
        var answer = Answer(status);
        _lanes.OnSent(lane, answer);
        _lanes.OnWritten([DeliveryJudge.Judge(delivery, lane.Settings, answer, _clock.UtcNow)]);
    }

    private ClaimedDelivery Delivery(EndpointSettings endpoint, DeliveryTrigger trigger = DeliveryTrigger.Event) => Delivery(endpoint, _time.GetUtcNow(), trigger);

    private static Dictionary<Guid, EndpointSettings> Settings(EndpointSettings endpoint) => new() { [endpoint.Id] = endpoint };

    private AttemptResult Answer(int status) => new()
    {
        Id = Guid.CreateVersion7(),
        StartedAt = _time.GetUtcNow(),
        Outcome = status == 200 ? AttemptOutcome.Delivered : AttemptOutcome.RefusedByStatus,
        RequestHeaders = "{}",
        ResponseStatus = status,
        Total = TimeSpan.FromMilliseconds(5),
    };

    internal static ClaimedDelivery Delivery(EndpointSettings endpoint, DateTimeOffset now, DeliveryTrigger trigger = DeliveryTrigger.Event) => new(
        Guid.CreateVersion7(), endpoint.OrganizationId, endpoint.Id, Guid.CreateVersion7(), "evt", "invoice.paid", now, "{}"u8.ToArray(), trigger, 0, 0, null, IsUrgent: trigger == DeliveryTrigger.Test);

    internal static EndpointSettings Endpoint() => new()
    {
        Id = Guid.CreateVersion7(),
        Order = new EndpointOrder(Guid.Empty, OrderingMode.None, null),
        OrganizationId = Guid.CreateVersion7(),
        PublicId = "we",
        Url = new Uri("http://127.0.0.1/"),
        IsActive = true,
        Subscriptions = new Subscriptions(["*"]),
        Secret = WebhookSecret.New(),
        Headers = [],
        SignatureHeader = WebhookOptions.DefaultSignatureHeader,
        Timeout = TimeSpan.FromSeconds(10),
        RetryDelays = [2],
    };
}
