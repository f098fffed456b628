using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>What is read of a queue that holds more than is read at once.</summary>
public sealed class LookTests
{
    private readonly FakeClock _time = new();
    private readonly DatabaseClock _clock;
    private readonly DispatchLanes _lanes;

    public LookTests()
    {
        _clock = new DatabaseClock(_time);
        _lanes = new DispatchLanes(new WebhookOptions(), new DeliveriesUnderWay(), _clock, _time);
    }

    [Fact]
    public void Plan_WithMoreDueThanWasRead_ReadsOnFromThereAndNowAndThenFromTheBeginning()
    {
        var endpoint = LaneTests.Endpoint();
        var until = _clock.UtcNow;
        var first = Look(endpoint, new ReadMark(until, 3), Delivery(endpoint), Delivery(endpoint));
        Assert.True(first.IsWhole);

        var next = Look(endpoint, new ReadMark(until, 5), Delivery(endpoint));
        Assert.Equal((until, 3 + 30), (next.From, next.Count));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(Look(endpoint, new ReadMark(until, 5), Delivery(endpoint)).IsWhole);
        Assert.False(Look(endpoint, mark: null).IsWhole);
        // What ends a look from the middle says nothing of what was committed late.
        Assert.Equal(endpoint.Id, Assert.Single(_lanes.Hungry()).EndpointId);
        Assert.True(Look(endpoint, mark: null).IsWhole);
        Assert.Empty(_lanes.Hungry());
    }

    [Fact]
    public void Plan_WithALookThatBroughtNothingNewOrWhatWasGivenUp_ReadsFromTheBeginning()
    {
        var endpoint = LaneTests.Endpoint();
        var known = Delivery(endpoint);
        Look(endpoint, new ReadMark(_clock.UtcNow, 1), known);
        Assert.False(Look(endpoint, new ReadMark(_clock.UtcNow, 1), known).IsWhole);
        Assert.True(Look(endpoint, new ReadMark(_clock.UtcNow, 1), Delivery(endpoint)).IsWhole);

        _lanes.Withdraw(endpoint.OrganizationId);
        Assert.True(Look(endpoint, new ReadMark(_clock.UtcNow, 1), Delivery(endpoint)).IsWhole);
    }

    [Fact]
    public void Plan_WithATestThatIsDue_ReadsFromTheBeginningWhereTestsStand()
    {
        var endpoint = LaneTests.Endpoint();
        Look(endpoint, new ReadMark(_clock.UtcNow, 1), Delivery(endpoint));

        Assert.True(Plan(endpoint, WebhookDelivery.Urgent).IsWhole);
    }

    [Fact]
    public void Plan_WithWhatIsUrgentWhileTheCircuitIsOpen_ReadsThatAlone()
    {
        var endpoint = LaneTests.Endpoint() with { Circuit = new CircuitSettings(3, TimeSpan.FromSeconds(60)), CircuitOpenUntil = _clock.UtcNow.AddSeconds(60) };

        var order = Plan(endpoint, WebhookDelivery.Urgent);
        _lanes.Accept([order], new Claim(new Dictionary<Guid, ServedEndpoint>(), [Delivery(endpoint) with { IsUrgent = true }], new Dictionary<Guid, ReadMark>()));

        Assert.True(order is { UrgentOnly: true, Count: > 1 });
        // While it is under way, the rest stays where it is.
        Assert.True(_lanes.TryTake(out _, out var taken, out _) && taken.IsUrgent);
        Assert.True(Plan(endpoint, WebhookDelivery.Urgent).UrgentOnly);
    }

    private ClaimOrder Look(EndpointSettings endpoint, ReadMark? mark, params ClaimedDelivery[] found)
    {
        var order = Plan(endpoint, _clock.UtcNow);
        Dictionary<Guid, ReadMark> full = mark is { } known ? new() { [endpoint.Id] = known } : [];
        _lanes.Accept([order], new Claim(new Dictionary<Guid, ServedEndpoint>(), found, full));
        return order;
    }

    private ClaimOrder Plan(EndpointSettings endpoint, DateTimeOffset due) =>
        Assert.Single(_lanes.Plan([new DueEndpoint(endpoint.Id, due, null)], new Dictionary<Guid, EndpointSettings> { [endpoint.Id] = endpoint }));

    private ClaimedDelivery Delivery(EndpointSettings endpoint) => LaneTests.Delivery(endpoint, _time.GetUtcNow());
}
