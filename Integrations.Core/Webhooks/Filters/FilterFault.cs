namespace Integrations.Core.Webhooks.Filters;

/// <summary>Why a text is no filter.</summary>
/// <param name="Message">What was expected there, in one or two sentences, the position included.</param>
/// <param name="Position">The character at which reading ended, from 1.</param>
public sealed record FilterFault(string Message, int Position);

/// <summary>Ends the reading of a filter; caught where it began.</summary>
internal sealed class FilterFaultException(string message, int start) : Exception(message)
{
    public FilterFault Fault { get; } = new($"At character {start + 1}: {message}", start + 1);
}
