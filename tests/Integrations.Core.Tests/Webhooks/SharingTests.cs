using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>What a node asks another one for, and what it gives up when it is asked, on a clock that moves only when told.</summary>
public sealed class SharingTests
{
    private const string Node = "this";

    private readonly FakeClock _time = new();
    private readonly DeliveriesUnderWay _underWay = new();
    private readonly DatabaseClock _clock;
    private readonly DispatchLanes _lanes;

    public SharingTests()
    {
        _clock = new DatabaseClock(_time);
        _lanes = new DispatchLanes(new WebhookOptions(), _underWay, _clock, _time) { Node = Node };
    }

    [Theory]
    [InlineData(6, 0, 3)]
    [InlineData(7, 2, 2)]
    [InlineData(3, 2, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(40, 0, 8)]
    public void Wishes_WithAnotherNodeThatHasMoreToGetThrough_IsHalfOfWhatItHasMore(int theirs, int ours, int wished)
    {
        var own = Enumerable.Range(0, ours).Select(_ => LaneTests.Endpoint()).ToList();
        own.ForEach(endpoint => Take(endpoint));
        var others = Enumerable.Range(0, theirs).Select(_ => Elsewhere("other")).ToList();

        var wishes = Wishes([.. own, .. others]);

        Assert.Equal(wished, wishes.Count);
        Assert.Subset(others.Select(endpoint => endpoint.Id).ToHashSet(), wishes.ToHashSet());
    }

    [Fact]
    public void Wishes_AreForWhatWaitsLongAndMayMoveAtThoseWhoHaveMost()
    {
        var few = new[] { Elsewhere("few"), Elsewhere("few") };
        var many = Enumerable.Range(0, 8).Select(_ => Elsewhere("many")).ToList();
        var paced = Enumerable.Range(0, 2).Select(_ => Elsewhere("many") with { RateLimitPerSecond = 5 }).ToList();
        var asked = Elsewhere("many") with { WantedUntil = _clock.UtcNow.AddSeconds(5) };
        var lapsed = Elsewhere("many") with { ServedUntil = _clock.UtcNow.AddSeconds(1) };
        Assert.Empty(Wishes([.. few, .. many], since: TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromSeconds(1));

        var wishes = Wishes([.. few, .. many, .. paced, asked, lapsed]);

        Assert.Equal(4, wishes.Count);
        Assert.Subset(many.Select(endpoint => endpoint.Id).ToHashSet(), wishes.ToHashSet());
        // Once a second is often enough.
        Assert.Empty(Wishes([.. many]));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEmpty(Wishes([.. many]));
    }

    [Fact]
    public void Plan_WithAQuickEndpointThatIsWanted_BeginsNothingMoreAndLeavesItWhenWhatIsUnderWayIsWritten()
    {
        var endpoint = LaneTests.Endpoint();
        var deliveries = Quick(endpoint);
        Assert.True(_lanes.TryTake(out var lane, out var begun, out _));

        Look(endpoint with { WantedUntil = _clock.UtcNow.AddSeconds(5) });

        Assert.False(_lanes.TryTake(out _, out _, out _));
        Assert.All(deliveries, delivery => Assert.Equal(delivery.Id == begun.Id, _underWay.IsHeld(delivery.Id)));
        Assert.Empty(_lanes.Yielded());
        End(lane, begun);
        Assert.True(_lanes.HasYielded);
        Assert.Equal([endpoint.Id], _lanes.Yielded());
        _lanes.OnYielded([endpoint.Id]);
        Assert.False(_lanes.HasYielded);
        // It is another's turn now.
        Assert.Empty(Plan([endpoint], TimeSpan.Zero));
    }

    [Fact]
    public void Plan_WithAWantedEndpointWhoseRequestsTakeLong_KeepsIt()
    {
        var endpoint = LaneTests.Endpoint();
        Quick(endpoint);
        Assert.True(_lanes.TryTake(out _, out _, out _));
        Look(endpoint with { WantedUntil = _clock.UtcNow.AddSeconds(5) });
        _time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Empty(_lanes.Yielded());
        var orders = Look(endpoint with { WantedUntil = _clock.UtcNow.AddSeconds(3) }, LaneTests.Delivery(endpoint, _time.GetUtcNow()));

        Assert.Single(orders);
        Assert.True(_lanes.TryTake(out _, out _, out _));
    }

    [Fact]
    public void Plan_WithAWantedEndpointThatIsSlowOrPaced_KeepsIt()
    {
        foreach (var endpoint in (EndpointSettings[])[LaneTests.Endpoint(), LaneTests.Endpoint() with { RateLimitPerSecond = 100 }])
        {
            if (endpoint.RateLimitPerSecond is null)
            {
                Take(endpoint, LaneTests.Delivery(endpoint, _time.GetUtcNow()));
            }
            else
            {
                Quick(endpoint);
            }

            Look(endpoint with { WantedUntil = _clock.UtcNow.AddSeconds(5) });

            Assert.Empty(_lanes.Yielded());
            Assert.True(_lanes.TryTake(out _, out _, out _));
        }
    }

    // Looks that follow each other within a second.
    private List<ClaimedDelivery> Quick(EndpointSettings endpoint)
    {
        List<ClaimedDelivery> deliveries = [];
        Take(endpoint);
        for (var look = 0; look < 4; look++)
        {
            deliveries.Add(LaneTests.Delivery(endpoint, _time.GetUtcNow()));
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Look(endpoint, deliveries[^1]);
        }

        return deliveries;
    }

    private EndpointSettings Elsewhere(string node) => LaneTests.Endpoint() with { ServedBy = node, ServedUntil = _clock.UtcNow.AddSeconds(50) };

    private List<Guid> Wishes(IReadOnlyList<EndpointSettings> endpoints, TimeSpan? since = null) => _lanes.Wishes(Due(endpoints, since ?? TimeSpan.FromSeconds(3)), endpoints.ToDictionary(endpoint => endpoint.Id));

    private void Take(EndpointSettings endpoint, params ClaimedDelivery[] found)
    {
        var orders = Plan([endpoint], TimeSpan.Zero);
        _lanes.Accept(orders, new Claim(new Dictionary<Guid, ServedEndpoint> { [endpoint.Id] = new(_clock.UtcNow.AddSeconds(60), IsNew: true) }, found, new Dictionary<Guid, ReadMark>()));
    }

    private List<ClaimOrder> Look(EndpointSettings endpoint, params ClaimedDelivery[] found)
    {
        var orders = Plan([endpoint], TimeSpan.Zero);
        _lanes.Accept(orders, new Claim(new Dictionary<Guid, ServedEndpoint>(), found, new Dictionary<Guid, ReadMark>()));
        return orders;
    }

    private void End(EndpointLane lane, ClaimedDelivery delivery)
    {
        AttemptResult answer = new() { Id = Guid.CreateVersion7(), StartedAt = _time.GetUtcNow(), Outcome = AttemptOutcome.Delivered, RequestHeaders = "{}", ResponseStatus = 200, Total = TimeSpan.FromMilliseconds(5) };
        _lanes.OnSent(lane, answer);
        _lanes.OnWritten([DeliveryJudge.Judge(delivery, lane.Settings, answer, _clock.UtcNow)]);
    }

    private List<ClaimOrder> Plan(IReadOnlyList<EndpointSettings> endpoints, TimeSpan since) => _lanes.Plan(Due(endpoints, since), endpoints.ToDictionary(endpoint => endpoint.Id));

    private List<DueEndpoint> Due(IReadOnlyList<EndpointSettings> endpoints, TimeSpan since) => [.. endpoints.Select(endpoint => new DueEndpoint(endpoint.Id, _clock.UtcNow - since, null))];
}
