namespace Integrations.Core.Webhooks.Filters;

internal enum FilterTokenKind
{
    End,
    Name,
    Text,
    Number,

    /// <summary>An operator or a bracket.</summary>
    Sign,
}

/// <summary>A part of a filter.</summary>
/// <param name="Value">A text without its quotes and escapes; else as it stands.</param>
/// <param name="Start">Where it begins, from 0.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Value, int Start)
{
    public bool IsSign(string sign) => Kind == FilterTokenKind.Sign && Value == sign;

    /// <summary>Words count in any case: an operator is not to fail for a capital.</summary>
    public bool IsWord(string word) => Kind == FilterTokenKind.Name && Value.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>How a fault names it.</summary>
    public string Shown => Kind switch
    {
        FilterTokenKind.End => "the end",
        FilterTokenKind.Text => "a text",
        _ => Value.Length > 40 ? Value[..40] + "…" : Value,
    };
}
