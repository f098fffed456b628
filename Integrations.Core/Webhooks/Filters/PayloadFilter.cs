using System.Text.Json;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>
/// A condition over an event's type and data, such as <c>data.amount >= 100 &amp;&amp; data.currency in ["USD", "EUR"]</c>. The help page <c>/help/filters</c>
/// describes the language.
/// </summary>
public sealed class PayloadFilter
{
    private readonly FilterCondition _condition;

    private PayloadFilter(FilterCondition condition) => _condition = condition;

    /// <summary>Reads a filter.</summary>
    /// <param name="fault">What is wrong with the text, when it is no filter.</param>
    /// <returns>The filter, or null when the text is none.</returns>
    public static PayloadFilter? Parse(string text, out FilterFault? fault)
    {
        fault = null;
        try
        {
            return text.Length <= WebhookOptions.MaxFilterLength
                ? new PayloadFilter(new FilterParser(new FilterReader(FilterLexer.Read(text))).Read())
                : throw new FilterFaultException($"A filter may have at most {WebhookOptions.MaxFilterLength} characters.", WebhookOptions.MaxFilterLength);
        }
        catch (FilterFaultException exception)
        {
            fault = exception.Fault;
            return null;
        }
    }

    /// <summary>Whether an event passes.</summary>
    /// <param name="type">The dotted name of its type.</param>
    /// <param name="data">Its data: JSON in UTF-8.</param>
    /// <exception cref="JsonException">The data is no JSON.</exception>
    public bool Matches(string type, ReadOnlyMemory<byte> data)
    {
        using FilterSubject subject = new(type, data);
        return Matches(subject);
    }

    internal bool Matches(FilterSubject subject) => _condition.HoldsFor(subject);
}
