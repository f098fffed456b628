using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Security;

namespace Integrations.Core.Webhooks.Filters;

internal enum FilterValueKind
{
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

/// <summary>What an operand comes to.</summary>
internal readonly record struct FilterValue(FilterValueKind Kind, bool IsTrue = false, ExactNumber Number = default, string? Text = null, JsonElement Element = default)
{
    public static FilterValue Null => default;

    public static FilterValue Of(string text) => new(FilterValueKind.Text, Text: text);

    public static FilterValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => new(FilterValueKind.Bool, IsTrue: true),
        JsonValueKind.False => new(FilterValueKind.Bool),
        JsonValueKind.Number => new(FilterValueKind.Number, Number: ExactNumber.Of(element)),
        // A text with half a surrogate pair is compared as it is spelled.
        JsonValueKind.String => Of(JsonRead.Text(element) ?? element.GetRawText()),
        JsonValueKind.Array => new(FilterValueKind.List, Element: element),
        JsonValueKind.Object => new(FilterValueKind.Object, Element: element),
        _ => default,
    };

    /// <summary>Values of different kinds are never equal, nor is a list or an object equal to anything.</summary>
    public bool EqualTo(FilterValue other) => Kind == other.Kind && Kind switch
    {
        FilterValueKind.Null => true,
        FilterValueKind.Bool => IsTrue == other.IsTrue,
        FilterValueKind.Number => Number.CompareTo(other.Number) == 0,
        FilterValueKind.Text => string.Equals(Text, other.Text, StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>The order of two numbers or two texts; null for anything else.</summary>
    public int? CompareTo(FilterValue other) => (Kind, other.Kind) switch
    {
        (FilterValueKind.Number, FilterValueKind.Number) => Number.CompareTo(other.Number),
        (FilterValueKind.Text, FilterValueKind.Text) => string.CompareOrdinal(Text, other.Text),
        _ => null,
    };

    /// <summary>Whether a list holds a value.</summary>
    public bool Holds(FilterValue item)
    {
        if (Kind != FilterValueKind.List)
        {
            return false;
        }

        foreach (var element in Element.EnumerateArray())
        {
            if (Of(element).EqualTo(item))
            {
                return true;
            }
        }

        return false;
    }
}
