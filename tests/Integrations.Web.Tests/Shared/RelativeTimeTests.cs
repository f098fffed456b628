using Bunit;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class RelativeTimeTests : ShellTest
{
    [Fact]
    public void The_words_move_with_the_clock_and_the_exact_time_stays()
    {
        var time = Render<RelativeTime>(p => p.Add(t => t.Value, Time.GetUtcNow()));
        Assert.Equal("Just now", time.Find("time").TextContent);

        Time.Advance(TimeSpan.FromMinutes(2));

        time.WaitForAssertion(() => Assert.Equal("2 min ago", time.Find("time").TextContent));
        Assert.Equal("4 Mar 2026 12:00:00 UTC", time.Find("time").GetAttribute("title"));
        Assert.Equal("2026-03-04T12:00:00.000Z", time.Find("time").GetAttribute("datetime"));
    }

    [Theory]
    [InlineData(8, "In 8 s")]
    [InlineData(-60, "1 min ago")]
    [InlineData(-7200, "2 hours ago")]
    [InlineData(-86400 * 3, "3 days ago")]
    public void A_distance_has_short_words(int seconds, string expected)
    {
        var now = Time.GetUtcNow();

        Assert.Equal(expected, RelativeWords.Describe(now.AddSeconds(seconds), now));
    }

    [Fact]
    public void No_time_is_said_in_words() =>
        Assert.Equal("Never used", Render<RelativeTime>(p => p.Add(t => t.Value, null).Add(t => t.Never, "Never used")).Find("span").TextContent);
}
