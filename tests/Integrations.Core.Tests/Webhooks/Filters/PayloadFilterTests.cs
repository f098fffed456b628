using System.Text;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Filters;

namespace Integrations.Core.Tests.Webhooks.Filters;

public sealed class PayloadFilterTests
{
    private const string Data =
        """
        {"amount":100.10,"big":12345678901234567890123456789.5,"tiny":1e-400,"zero":-0.0,"currency":"USD","open":true,"paid":false,"nothing":null,
         "customer":{"email":"ann@example.org","tags":["vip","new",3]},"items":[{"sku":"A"},{"sku":"B"}],"odd key":1,"in":7,"half":"\ud800","esc":"a\"b","straße":"x"}
        """;

    [Theory]
    // Equality and kinds.
    [InlineData("data.currency == \"USD\"", true)]
    [InlineData("data.currency == 'USD'", true)]
    [InlineData("data.currency == \"usd\"", false)]
    [InlineData("data.currency != \"EUR\"", true)]
    [InlineData("data.amount == \"100.10\"", false)]
    [InlineData("data.amount != \"100.10\"", true)]
    [InlineData("data.open == true", true)]
    [InlineData("data.open == 1", false)]
    [InlineData("data.customer == data.customer", false)]
    [InlineData("data.half == data.half", true)]
    [InlineData("data.half == \"x\"", false)]
    [InlineData("data.esc == \"a\\\"b\"", true)]
    [InlineData("data.esc == 'a\"b'", true)]
    [InlineData("data.straße == '\\u0078'", true)]
    // Numbers by value, however long.
    [InlineData("data.amount == 100.1", true)]
    [InlineData("data.amount == 1.001e2", true)]
    [InlineData("data.amount > 100.09999999999999999999999999999999999", true)]
    [InlineData("data.amount >= 100.1 && data.amount <= 100.1", true)]
    [InlineData("data.big > 12345678901234567890123456789", true)]
    [InlineData("data.big < 12345678901234567890123456790", true)]
    [InlineData("data.tiny > 0", true)]
    [InlineData("data.tiny < 1e-399", true)]
    [InlineData("data.amount < 1e999999999999999999999", true)]
    [InlineData("data.zero == 0", true)]
    [InlineData("data.zero > -1", true)]
    [InlineData("-5 < -4", true)]
    // Comparing different kinds is false.
    [InlineData("data.amount > \"1\"", false)]
    [InlineData("data.currency > 1", false)]
    [InlineData("data.nothing < 1", false)]
    [InlineData("data.missing >= 0", false)]
    [InlineData("!(data.missing >= 0)", true)]
    [InlineData("data.currency < \"USE\"", true)]
    [InlineData("data.currency < \"a\"", true)]
    // What is missing is null.
    [InlineData("data.missing == null", true)]
    [InlineData("data.nothing == null", true)]
    [InlineData("data.missing.deeper[4].still == null", true)]
    [InlineData("data.currency.length == null", true)]
    [InlineData("exists(data.nothing)", true)]
    [InlineData("exists(data.missing)", false)]
    [InlineData("exists(data.items[1])", true)]
    [InlineData("exists(data.items[2])", false)]
    [InlineData("exists(data)", true)]
    // Paths.
    [InlineData("data.items[1].sku == \"B\"", true)]
    [InlineData("data[\"odd key\"] == 1", true)]
    [InlineData("data['customer']['email'] == 'ann@example.org'", true)]
    [InlineData("data.in == 7", true)]
    [InlineData("data.items[2147483647].sku == null", true)]
    // in and contains.
    [InlineData("data.currency in [\"USD\",\"EUR\"]", true)]
    [InlineData("data.currency in [\"GBP\"]", false)]
    [InlineData("data.missing in [null, 1]", true)]
    [InlineData("data.amount in [1, 100.1]", true)]
    [InlineData("\"vip\" in data.customer.tags", true)]
    [InlineData("3 in data.customer.tags", true)]
    [InlineData("\"x\" in data.currency", false)]
    [InlineData("data.customer.tags contains \"new\"", true)]
    [InlineData("data.customer.tags contains \"ne\"", false)]
    [InlineData("data.customer.email contains \"@example\"", true)]
    [InlineData("data.amount contains 1", false)]
    [InlineData("data.customer.email startsWith \"ann\"", true)]
    [InlineData("data.customer.email endsWith \".org\"", true)]
    [InlineData("data.customer.email ENDSWITH \".com\"", false)]
    [InlineData("data.missing startsWith \"\"", false)]
    // Joining.
    [InlineData("data.open", true)]
    [InlineData("!data.open", false)]
    [InlineData("!data.missing", true)]
    [InlineData("!!data.open", true)]
    [InlineData("data.customer", false)]
    [InlineData("true", true)]
    [InlineData("false || true && false", false)]
    [InlineData("(true || true) && false", false)]
    [InlineData("true or true and false", true)]
    [InlineData("not data.currency == \"EUR\"", true)]
    [InlineData("not (data.open and data.paid)", true)]
    [InlineData("(data.amount) > (100)", true)]
    [InlineData("  data.open\n\t&& !data.paid  ", true)]
    // The type.
    [InlineData("type == \"invoice.paid\"", true)]
    [InlineData("type startsWith \"invoice.\" && data.amount > 1", true)]
    [InlineData("type in [\"invoice.sent\", \"invoice.voided\"]", false)]
    [InlineData("data.amount >= 100 && data.currency in [\"USD\",\"EUR\"] && !(data.customer.email endsWith \"@example.com\") || exists(data.coupon)", true)]
    public void A_filter_means_what_it_says(string filter, bool matches)
    {
        var parsed = PayloadFilter.Parse(filter, out var fault);

        Assert.Null(fault);
        Assert.Equal(matches, parsed!.Matches("invoice.paid", Encoding.UTF8.GetBytes(Data)));
    }

    [Theory]
    [InlineData("", 1, "Expected a value or a condition; this is the end.")]
    [InlineData("data.amount >", 14, "this is the end")]
    [InlineData("data.amount > 1 &&", 19, "this is the end")]
    [InlineData("data.amount = 1", 13, "Compare with ==.")]
    [InlineData("data.a & data.b", 8, "Write && for and.")]
    [InlineData("amount > 1", 1, "data.amount")]
    [InlineData("data.amount > USD", 15, "texts stand in quotes")]
    [InlineData("data.a == \"x", 11, "no closing")]
    [InlineData("data.a == \"\\x\"", 12, "After \\ stands")]
    [InlineData("data.a == '\\ud800'", 11, "half of a surrogate pair")]
    [InlineData("data.a == 'a\nb'", 13, "\\n")]
    [InlineData("data.a == 'a\0b'", 13, "\\n")]
    [InlineData("data.a == 01", 11, "01 is not a number")]
    [InlineData("data.a == 1.", 11, "not a number")]
    [InlineData("data.a - 1", 8, "not a number")]
    [InlineData("data. == 1", 7, "the name of a member")]
    [InlineData("data.first-name == 1", 11, "not a number")]
    [InlineData("data[-1] == 1", 6, "a whole number from 0")]
    [InlineData("data[99999999999] == 1", 6, "a whole number from 0")]
    [InlineData("data[\"a\" == 1", 10, "Expected ]")]
    [InlineData("(data.a == 1", 13, "Expected )")]
    [InlineData("data.a == 1)", 12, "Expected &&, || or the end")]
    [InlineData("data.a == 1 data.b", 13, "Expected &&, || or the end")]
    [InlineData("1 < 2 < 3", 7, "Expected &&, || or the end")]
    [InlineData("!data.a == 1", 9, "!(data.a == 1)")]
    [InlineData("(data.a == 1) == true", 15, "cannot be compared")]
    [InlineData("data.a == (1 == 1)", 11, "stands a value")]
    [InlineData("data.a == [1]", 11, "only stand after in")]
    [InlineData("[1] contains data.a", 1, "only stand after in")]
    [InlineData("data.a in \"USD\"", 11, "stands a list")]
    [InlineData("data.a in []", 12, "Expected a text")]
    [InlineData("data.a in [data.b]", 12, "Expected a text")]
    [InlineData("data.a in [1,]", 14, "Expected a text")]
    [InlineData("exists(1)", 8, "exists takes a path")]
    [InlineData("exists data.a", 1, "exists is not known")]
    [InlineData("\"text\"", 1, "not a condition")]
    [InlineData("data.a && 5", 11, "not a condition")]
    [InlineData("type", 1, "not a condition")]
    [InlineData("data.a matches \"x.*\"", 8, "Expected &&, || or the end")]
    [InlineData("data.a == #", 11, "# has no meaning")]
    public void What_is_no_filter_is_told_with_its_place_and_what_was_expected(string filter, int position, string message)
    {
        Assert.Null(PayloadFilter.Parse(filter, out var fault));
        Assert.Equal(position, fault!.Position);
        Assert.StartsWith($"At character {position}: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_depth_and_the_number_of_conditions_are_bounded()
    {
        AssertRefused(new string(' ', WebhookOptions.MaxFilterLength) + "true", "2000 characters");
        AssertRefused(new string('(', 21) + "true" + new string(')', 21), "20 deep");
        AssertRefused(new string('!', 1000) + "true", "20 deep");
        AssertRefused(string.Concat(Enumerable.Repeat("not ", 21)) + "true", "20 deep");
        AssertRefused(string.Join("||", Enumerable.Repeat("true", 51)), "50 conditions");
        AssertRefused("data.a in [" + string.Join(',', Enumerable.Repeat("1", 101)) + "]", "100 values");
        AssertRefused("data" + string.Concat(Enumerable.Repeat(".a", 21)), "20 steps");
        Assert.NotNull(PayloadFilter.Parse(new string('(', 20) + "true" + new string(')', 20), out _));
        Assert.NotNull(PayloadFilter.Parse(string.Join("||", Enumerable.Repeat("true", 50)), out _));
    }

    private static void AssertRefused(string filter, string message)
    {
        Assert.Null(PayloadFilter.Parse(filter, out var fault));
        Assert.Contains(message, fault!.Message, StringComparison.Ordinal);
    }
}
