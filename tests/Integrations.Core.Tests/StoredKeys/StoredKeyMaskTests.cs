using Integrations.Core.StoredKeys;

namespace Integrations.Core.Tests.StoredKeys;

public sealed class StoredKeyMaskTests
{
    [Theory]
    [InlineData("sk_live_51HxAbCdEfGhIjKl4f2a", "sk_…4f2a")]
    [InlineData("xoxb-1234567890-abcdefghij", "xoxb-…ghij")]
    [InlineData("SG.abcdefghijklmnop.qrstuvwx", "SG.…uvwx")]
    [InlineData("0123456789abcdef0123456789abcdef-us6", "…-us6")]
    [InlineData("abcdefghijklmnopqrst", "…qrst")]
    [InlineData("_bcdefghijklmnopqrst", "…qrst")]
    public void A_long_value_shows_its_kind_and_its_end(string value, string masked) => Assert.Equal(masked, StoredKeyMask.Of(value));

    [Theory]
    [InlineData("x")]
    [InlineData("sk_live_short")]
    [InlineData("abcdefghijklmnopqrs")]
    public void A_short_value_shows_not_even_its_length(string value) => Assert.Equal("••••••••", StoredKeyMask.Of(value));

    [Theory]
    [InlineData("abcdefghijklmnopqrst\U0001F511")]
    [InlineData("abcdefghijklmnopqrst\u202Eabc")]
    [InlineData("abcdefghijklmnopqrst abc")]
    public void An_end_that_could_break_the_text_around_it_is_not_shown(string value) => Assert.Equal("••••••••", StoredKeyMask.Of(value));

    [Fact]
    public void More_than_half_of_the_shortest_value_that_is_shown_stays_hidden() => Assert.Equal("abcd_…tail", StoredKeyMask.Of("abcd_" + new string('x', 11) + "tail"));
}
