using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class AttemptWordsTests
{
    [Fact]
    public void The_curl_command_sends_the_same_request()
    {
        var text = AttemptWords.Curl("https://example.com/a?b=1&c=2", """{"X-Webhook-Event":"invoice.paid","Content-Type":"application/json","Content-Length":"9"}""", """{"a":"1"}"""u8);

        Assert.Equal(
            """
            curl -X POST 'https://example.com/a?b=1&c=2' \
              -H 'X-Webhook-Event: invoice.paid' \
              -H 'Content-Type: application/json' \
              --data-raw '{"a":"1"}'
            """,
            text);
    }

    [Fact]
    public void A_quote_in_the_data_does_not_leave_the_quotes_of_the_shell() =>
        Assert.EndsWith(@"--data-raw '{""a"":""it'\''s; rm -rf /""}'", AttemptWords.Curl("https://example.com/", "{}", """{"a":"it's; rm -rf /"}"""u8), StringComparison.Ordinal);

    [Fact]
    public void Short_times_have_a_decimal_and_long_ones_none()
    {
        Assert.Equal("< 0.1 ms", AttemptWords.Milliseconds(26));
        Assert.Equal("1.4 ms", AttemptWords.Milliseconds(1_384));
        Assert.Equal("1,320 ms", AttemptWords.Milliseconds(1_320_499));
    }
}
