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
        var first = Look(endpoint, new ReadMark(until, 3), LaneTests.Delivery(endpoint, _time.GetUtcNow()), LaneTests.Delivery(endpoint, _time.GetUtcNow()));
        Assert.True(first.IsWhole);

        var next = Look(endpoint, new ReadMark(until, 5), LaneTests.Delivery(endpoint, _time.GetUtcNow()));
        Assert.Equal((until, 3 + 30), (next.From, next.Count));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Look(endpoint, new ReadMark(until, 5), LaneTests.Delivery(endpoint, _time.GetUtcNow())).IsWhole);
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
        var known = LaneTests.Delivery(endpoint, _time.GetUtcNow());
        Look(endpoint, new ReadMark(_clock.UtcNow, 1), known);
        Assert.False(Look(endpoint, new ReadMark(_clock.UtcNow, 1), known).IsWhole);
        Assert.True(Look(endpoint, new ReadMark(_clock.UtcNow, 1), LaneTests.Delivery(endpoint, _time.GetUtcNow())).IsWhole);

        _lanes.Withdraw(endpoint.OrganizationId);
        Assert.True(Look(endpoint, new ReadMark(_clock.UtcNow, 1), LaneTests.Delivery(endpoint, _time.GetUtcNow())).IsWhole);
    }

    [Fact]
    public void Plan_WithATestThatIsDue_ReadsFromTheBeginningWhereTestsStand()
    {
        var endpoint = LaneTests.Endpoint();
        Look(endpoint, new ReadMark(_clock.UtcNow, 1), LaneTests.Delivery(endpoint, _time.GetUtcNow()));

        Assert.True(Assert.Single(_lanes.Plan([new DueEndpoint(endpoint.Id, DateTimeOffset.UnixEpoch, null)], new Dictionary<Guid, EndpointSettings> { [endpoint.Id] = endpoint })).IsWhole);
    }

    private ClaimOrder Look(EndpointSettings endpoint, ReadMark? mark, params ClaimedDelivery[] found)
    {
        var order = Assert.Single(_lanes.Plan([new DueEndpoint(endpoint.Id, _clock.UtcNow, null)], new Dictionary<Guid, EndpointSettings> { [endpoint.Id] = endpoint }));
        Dictionary<Guid, ReadMark> full = mark is { } known ? new() { [endpoint.Id] = known } : [];
        _lanes.Accept([order], new Claim(new Dictionary<Guid, ServedEndpoint>(), found, full));
        return order;
    }
}
