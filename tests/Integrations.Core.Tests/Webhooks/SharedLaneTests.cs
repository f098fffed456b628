using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>Which endpoints a node takes, keeps and leaves alone where others may serve them, on a clock that moves only when told.</summary>
public sealed class SharedLaneTests
{
    private const string Node = "this";
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(new WebhookOptions().LeaseSeconds);

    private readonly FakeClock _time = new();
    private readonly DeliveriesUnderWay _underWay = new();
    private readonly DatabaseClock _clock;
    private readonly DispatchLanes _lanes;

    public SharedLaneTests()
    {
        _clock = new DatabaseClock(_time);
        _lanes = new DispatchLanes(new WebhookOptions(), _underWay, _clock, _time) { Node = Node };
    }

    [Fact]
    public void Plan_WithEndpointsThatNobodyServes_TakesAFewAtATimeSoThatOthersGetSome()
    {
        var endpoints = Enumerable.Range(0, 20).Select(_ => LaneTests.Endpoint()).ToList();

        var orders = Plan(endpoints);
        var lookAgain = _lanes.Accept(orders, Served(orders));

        Assert.Equal(8, orders.Count);
        Assert.All(orders, order => Assert.True(order.Serves));
        Assert.True(lookAgain);
    }

    [Fact]
    public void Plan_WithAnEndpointThatAnotherNodeServes_LeavesItAloneUntilItsTimeIsOver()
    {
        var endpoint = LaneTests.Endpoint() with { ServedBy = "other", ServedUntil = _clock.UtcNow.AddSeconds(30) };

        Assert.Empty(Plan([endpoint]));
        _lanes.Accept([], null);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(Plan([endpoint]));
    }

    [Fact]
    public void Plan_WithAnEndpointThatAnotherNodeWasFasterToTake_DoesNotAskAtOnceAgain()
    {
        var endpoint = LaneTests.Endpoint();
        var orders = Plan([endpoint]);
        _lanes.Accept(orders, Claim([], []));

        Assert.Empty(Plan([endpoint]));
        _lanes.Accept([], null);
        _time.Advance(EndpointCache.MaxAge);
        Assert.Single(Plan([endpoint]));
    }

    [Fact]
    public void Plan_WithHalfOfTheTimeOver_RenewsIt()
    {
        var endpoint = LaneTests.Endpoint();
        Take(endpoint);

        var early = Assert.Single(Plan([endpoint]));
        _lanes.Accept([early], Claim([], []));
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.False(early.Serves);
        Assert.True(Assert.Single(Plan([endpoint])).Serves);
    }

    [Fact]
    public void Plan_WithAnEndpointWhoseRequestsMayTakeLong_RenewsItBeforeTheyWouldHaveToWait()
    {
        var endpoint = LaneTests.Endpoint() with { Timeout = TimeSpan.FromSeconds(30) };
        Take(endpoint);
        _time.Advance(TimeSpan.FromSeconds(23));

        Assert.True(Assert.Single(Plan([endpoint])).Serves);
    }

    [Fact]
    public void TryTake_WithTooLittleTimeLeftForARequest_BeginsNone()
    {
        var endpoint = LaneTests.Endpoint();
        Take(endpoint, LaneTests.Delivery(endpoint, _time.GetUtcNow()));
        // A request may take ten seconds, and its outcome a little more.
        _time.Advance(TimeSpan.FromSeconds(46));

        Assert.False(_lanes.TryTake(out _, out _, out _));
    }

    [Fact]
    public void Accept_WithAnEndpointThatWasLostOrTakenAnew_GivesUpWhatWasKnownOfIt()
    {
        var endpoint = LaneTests.Endpoint();
        var known = LaneTests.Delivery(endpoint, _time.GetUtcNow());
        Take(endpoint, known);
        _time.Advance(TimeSpan.FromSeconds(40));

        var orders = Plan([endpoint]);
        _lanes.Accept(orders, Claim([], []));
        Assert.False(_underWay.IsHeld(known.Id));
        _time.Advance(TimeSpan.FromSeconds(10));
        Take(endpoint, LaneTests.Delivery(endpoint, _time.GetUtcNow()));

        Assert.True(_lanes.TryTake(out _, out var delivery, out _));
        Assert.NotEqual(known.Id, delivery.Id);
        Assert.False(_lanes.TryTake(out _, out _, out _));
    }

    private void Take(EndpointSettings endpoint, params ClaimedDelivery[] found)
    {
        var orders = Plan([endpoint]);
        Assert.Single(orders);
        _lanes.Accept(orders, Served(orders, found));
    }

    private List<ClaimOrder> Plan(IReadOnlyList<EndpointSettings> endpoints) => _lanes.Plan(
        endpoints.Select(endpoint => new DueEndpoint(endpoint.Id, _clock.UtcNow, null)), endpoints.ToDictionary(endpoint => endpoint.Id));

    private Claim Served(List<ClaimOrder> orders, params ClaimedDelivery[] found) =>
        Claim(orders.ToDictionary(order => order.EndpointId, _ => new ServedEndpoint(_clock.UtcNow + _lease, IsNew: true)), found);

    private static Claim Claim(Dictionary<Guid, ServedEndpoint> served, IReadOnlyList<ClaimedDelivery> found) => new(served, found, new Dictionary<Guid, ReadMark>());
}
