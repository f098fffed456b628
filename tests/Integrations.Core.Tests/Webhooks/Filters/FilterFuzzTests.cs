using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Integrations.Core.Events;
using Integrations.Core.Webhooks.Filters;

namespace Integrations.Core.Tests.Webhooks.Filters;

/// <summary>Whatever is typed and whatever is published: a filter answers, or says what is wrong with it, and nothing else happens.</summary>
public sealed class FilterFuzzTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(60);

    private static readonly string[] _parts =
    [
        "data", ".a", ".b", "[0]", "[\"odd key\"]", "type", "==", "!=", "<", ">=", "in", "[1, \"x\", null]", "[", "]", "contains", "startsWith", "endsWith", "exists(", "(", ")",
        "&&", "||", "!", "not", "and", "or", "true", "null", "1", "-2.5e3", "\"x\"", "'y'", "\"", "\\", "#", "=", "é", "\ud83d", "\0",
    ];

    private static readonly string[] _datas =
    [
        "{}", """{"a":1,"b":"x"}""", """{"a":[1,"x",null,{"a":2}],"b":{"a":true}}""", """{"a":"\ud800","\udc00":1,"odd key":[[]]}""", """{"a":1e999999999999999999,"b":-0}""", "[1]", "null", "7",
    ];

    [Fact]
    public void Any_joining_of_parts_is_a_filter_or_a_fault_within_the_text()
    {
        var texts = Gen.Elements(_parts).ListOf().Select(parts => string.Join(' ', parts)).ToArbitrary();

        Prop.ForAll(texts, Gen.Elements(_datas).ToArbitrary(), (text, data) =>
        {
            var filter = PayloadFilter.Parse(text, out var fault);
            filter?.Matches("invoice.paid", Encoding.UTF8.GetBytes(data));
            return filter is null == fault is not null && (fault is null || (fault.Position >= 1 && fault.Position <= text.Length + 1));
        }).Check(_config);
    }

    [Fact]
    public void Any_text_is_a_filter_or_a_fault() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
    {
        var filter = PayloadFilter.Parse(text ?? "", out var fault);
        return filter is null == fault is not null;
    }).Check(_config);

    [Fact]
    public void Every_text_can_be_written_as_a_literal_and_found_again() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        // What JSON writes with its strictest escapes is a literal of the language too.
        var literal = JsonSerializer.Serialize(text.Get);
        if (literal.Contains("\\uFFFD", StringComparison.Ordinal) || literal.Length > 1900)
        {
            return true;
        }

        var filter = PayloadFilter.Parse($"data.a == {literal}", out var fault);
        return fault is null && filter!.Matches("a.b", Encoding.UTF8.GetBytes($$"""{"a":{{literal}}}"""));
    }).Check(_config);

    [Fact]
    public void Numbers_compare_as_decimals_do() => Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), ArbMap.Default.ArbFor<decimal>(), (left, right) =>
        Math.Sign(Exact(left).CompareTo(Exact(right))) == left.CompareTo(right) && Exact(left).Equals(Exact(left)) && (Exact(left) == Exact(right)) == (left == right)).Check(_config);

    private static ExactNumber Exact(decimal number) => ExactNumber.Parse(Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
