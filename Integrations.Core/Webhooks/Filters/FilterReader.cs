namespace Integrations.Core.Webhooks.Filters;

/// <summary>Goes over the parts of a filter.</summary>
internal sealed class FilterReader(List<FilterToken> tokens)
{
    private int _at;

    public FilterToken Current => tokens[_at];

    /// <summary>The part after the current one; the end follows itself.</summary>
    public FilterToken Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public void Next() => _at = Math.Min(_at + 1, tokens.Count - 1);

    /// <exception cref="FilterFaultException">Something else stands there.</exception>
    public void Take(string sign)
    {
        if (!Current.IsSign(sign))
        {
            throw Expected(sign);
        }

        Next();
    }

    public FilterFaultException Expected(string what) => new($"Expected {what}; this is {Current.Shown}.", Current.Start);
}
