using System.Text.Json;
using System.Text.RegularExpressions;
using Integrations.Core.Security;

namespace Integrations.Core.Events.Schemas;

internal sealed class TypeRule(IReadOnlyList<string> types) : SchemaRule
{
    public static IReadOnlyList<string> Known { get; } = ["object", "array", "string", "number", "integer", "boolean", "null"];

    public override void Check(JsonElement value, SchemaCheck check)
    {
        var type = TypeOf(value);
        if (!types.Contains(type) && !(type == "number" && types.Contains("integer") && ExactNumber.Of(value).IsWhole))
        {
            check.Fault($"must be of type {string.Join(" or ", types)}; it is of type {type}");
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };
}

/// <summary><c>enum</c>, and <c>const</c> as an enum of one.</summary>
internal sealed class EnumRule(IReadOnlyList<JsonElement> values) : SchemaRule
{
    private const int MaxShown = 10;

    private readonly string _shown = string.Join(", ", values.Take(MaxShown).Select(value => value.GetRawText())) + (values.Count > MaxShown ? " …" : "");

    public override void Check(JsonElement value, SchemaCheck check)
    {
        check.Step(values.Count);
        if (!values.Any(allowed => JsonRead.AreEqual(allowed, value)))
        {
            check.Fault($"must be {(values.Count == 1 ? "" : "one of ")}{(_shown.Length > 200 ? _shown[..200] + "…" : _shown)}");
        }
    }
}

/// <summary>A bound of a number.</summary>
/// <param name="isMet">By the order of the number and the bound: below 0, 0 or above.</param>
internal sealed class BoundRule(JsonElement bound, string words, Func<int, bool> isMet) : SchemaRule
{
    private readonly ExactNumber _bound = ExactNumber.Of(bound);
    private readonly string _shown = bound.GetRawText();

    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (value.ValueKind == JsonValueKind.Number && !isMet(ExactNumber.Of(value).CompareTo(_bound)))
        {
            check.Fault($"must be {words} {_shown}");
        }
    }
}

/// <summary>A bound of a text's length in characters, or of a list's in items.</summary>
internal sealed class LengthRule(JsonValueKind kind, int bound, bool isLeast) : SchemaRule
{
    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (value.ValueKind != kind)
        {
            return;
        }

        var length = kind == JsonValueKind.Array ? value.GetArrayLength() : TextRule.TextOf(value).EnumerateRunes().Count();
        if (isLeast ? length < bound : length > bound)
        {
            check.Fault($"must have at {(isLeast ? "least" : "most")} {bound} {(kind == JsonValueKind.Array ? "items" : "characters")}; it has {length}");
        }
    }
}

/// <summary>A rule of texts: a pattern or a format.</summary>
internal sealed class TextRule(string words, Func<string, bool> isMet) : SchemaRule
{
    // Without backtracking a pattern takes time by its size and the text's length; the limit is for the largest of both.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);

    /// <exception cref="ArgumentException">Not a pattern.</exception>
    /// <exception cref="NotSupportedException">A pattern that needs backtracking, or is too large.</exception>
    public static TextRule Pattern(string pattern)
    {
        Regex regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, _patience);
        return new TextRule($"must match the pattern {(pattern.Length > 100 ? pattern[..100] + "…" : pattern)}", regex.IsMatch);
    }

    /// <summary>A text's value; one with half a surrogate pair as it is spelled.</summary>
    public static string TextOf(JsonElement text) => JsonRead.Text(text) ?? text.GetRawText();

    public override void Check(JsonElement value, SchemaCheck check)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return;
        }

        var text = TextOf(value);
        check.Step(text.Length / 16);
        try
        {
            if (!isMet(text))
            {
                check.Fault(words);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            check.GiveUp("takes too long to be held against a pattern of its schema");
        }
    }
}
