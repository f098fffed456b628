using Integrations.Core.Webhooks;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class RetryWordsTests
{
    [Fact]
    public void A_plan_is_told_in_one_sentence()
    {
        Assert.Equal("5 tries: at once, then after 2 s, 4 s, 8 s and 16 s.", RetryWords.Describe(WebhookOptions.StandardRetryDelays));
        Assert.Equal("2 tries: at once, then after 90 s.", RetryWords.Describe([90]));
        Assert.Equal("1 try, at once.", RetryWords.Describe([]));
        Assert.EndsWith("14 h, 20 h and 24 h.", RetryWords.Describe(WebhookOptions.ExtendedRetryDelays), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2, 4,8", new[] { 2, 4, 8 })]
    [InlineData("30 s, 5 min, 2h, 1m", new[] { 30, 300, 7200, 60 })]
    [InlineData("", new int[0])]
    public void What_is_typed_is_read_as_seconds(string text, int[] expected) => Assert.Equal(expected, RetryWords.Parse(text));

    [Theory]
    [InlineData("soon")]
    [InlineData("5, x")]
    [InlineData("-1")]
    [InlineData("5 days")]
    [InlineData("99999999999")]
    [InlineData("2000000000 h")]
    public void What_is_no_time_is_refused(string text) => Assert.Null(RetryWords.Parse(text));

    [Fact]
    public void A_plan_comes_back_from_its_own_text() => Assert.Equal(WebhookOptions.ExtendedRetryDelays, RetryWords.Parse(RetryWords.Text(WebhookOptions.ExtendedRetryDelays)));
}
