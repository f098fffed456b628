using Bunit;
using Integrations.Web.Shared;

namespace Integrations.Web.Tests.Shared;

public sealed class StatusBadgeTests : ShellTest
{
    [Theory]
    [InlineData("Delivered", "tone-success")]
    [InlineData("Retrying", "tone-warning")]
    [InlineData("Configuration error", "tone-danger")]
    [InlineData("Queued", "tone-info")]
    [InlineData("Disconnected", "tone-neutral")]
    [InlineData("A word nobody planned", "tone-neutral")]
    public void A_status_word_has_one_colour(string word, string expected)
    {
        var badge = Render<StatusBadge>(p => p.Add(b => b.Text, word)).Find(".badge");

        Assert.Equal(word, badge.TextContent);
        Assert.Contains(expected, badge.ClassList);
    }

    [Fact]
    public void A_page_can_choose_the_colour() =>
        Assert.Contains("tone-danger", Render<StatusBadge>(p => p.Add(b => b.Text, "Owner").Add(b => b.Tone, Tone.Danger)).Find(".badge").ClassList);
}
