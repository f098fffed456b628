using Integrations.Core.Webhooks;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class ReplayWordsTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_replay_is_told_by_what_it_takes_and_how_far_it_is()
    {
        var row = Row(ReplayStatus.Running) with { Target = ReplayTarget.Failed, EventTypes = ["invoice.*"], PerSecond = 48.2, RemainingSeconds = 79, Failed = 3 };

        Assert.Equal("Failed deliveries of invoice.*", ReplayWords.What(row));
        Assert.Equal("1,200 of 5,000 sent, 3 failed", ReplayWords.Progress(row));
        Assert.Equal("48 a second, about 2 min left", ReplayWords.Pace(row));
        Assert.Equal("48 a second of at most 50, about 1 h 1 min left", ReplayWords.Pace(row with { RatePerSecond = 50, RemainingSeconds = 3_661 }));
        Assert.Equal("At most 50 a second", ReplayWords.Pace(row with { RatePerSecond = 50, PerSecond = null, RemainingSeconds = null }));
        Assert.Null(ReplayWords.Pace(row with { PerSecond = null, RemainingSeconds = null }));
        Assert.Equal("Missing events", ReplayWords.What(Row(ReplayStatus.Completed) with { Target = ReplayTarget.Missing }));
        Assert.Equal("Kept deliveries", ReplayWords.What(Row(ReplayStatus.Completed) with { Target = ReplayTarget.Kept }));
        Assert.Equal("All deliveries", ReplayWords.What(Row(ReplayStatus.Completed)));
        Assert.Equal("Nothing matched", ReplayWords.Progress(Row(ReplayStatus.Completed) with { Total = 0, Queued = 0 }));
    }

    [Theory]
    [InlineData(0, true, false, "No delivery matches. Choose a longer time or another status.")]
    [InlineData(0, true, true, "No event is missing: the endpoint has a delivery for every one that it wants.")]
    [InlineData(1, true, false, "1 delivery matches.")]
    [InlineData(1, true, true, "1 event matches.")]
    [InlineData(1_234, true, false, "1,234 deliveries match.")]
    [InlineData(200_000, false, false, "More than 200,000 deliveries match.")]
    public void A_choice_is_told_before_it_starts(int matched, bool isWhole, bool isMissing, string words) =>
        Assert.Equal(words, ReplayWords.Matches(new ReplayCount(matched, isWhole), isMissing));

    [Theory]
    [InlineData(1, "1 event was kept while this endpoint was off.")]
    [InlineData(1_234, "1,234 events were kept while this endpoint was off.")]
    [InlineData(10_000, "10,000+ events were kept while this endpoint was off.")]
    public void What_was_kept_is_counted(int count, string words) => Assert.Equal(words, ReplayWords.Kept(count));

    private static ReplayRow Row(ReplayStatus status) => new(
        Guid.NewGuid(), Guid.NewGuid(), status, null, _now.AddDays(-1), _now, ReplayTarget.Ended, [], null, 5_000, 1_300, 1_197, 0, 0, 100, "ann@example.com", _now, null, null, null);
}
