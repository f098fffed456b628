using Integrations.Core.Webhooks.Filters;
using Integrations.Web.Api;

namespace Integrations.Web.Webhooks;

/// <summary>A filter to try on events that were published.</summary>
/// <param name="Filter">The expression.</param>
/// <param name="Events">Types, families or aliases, as in an endpoint's <c>events</c>; all when absent.</param>
internal sealed record TryFilterRequest(string? Filter = null, IReadOnlyList<string>? Events = null);

/// <summary>Why a text is no filter.</summary>
/// <param name="Position">The character at which reading ended, from 1.</param>
internal sealed record FilterFaultResource(string Message, int Position);

/// <param name="Matches">Whether it would be delivered.</param>
internal sealed record TriedEventResource(string Id, string Event, DateTimeOffset CreatedAt, bool Matches);

/// <summary>What a filter does to the newest events of the types.</summary>
/// <param name="IsValid">Whether the text is a filter; if not, <c>fault</c> tells why, and no event was tried.</param>
/// <param name="Matched">How many of the events match.</param>
internal sealed record FilterTrialAnswer(bool IsValid, FilterFaultResource? Fault, int Matched, IReadOnlyList<TriedEventResource> Events) : Answer
{
    public static FilterTrialAnswer From(FilterTrial trial) => new(
        trial.Fault is null,
        trial.Fault is { } fault ? new FilterFaultResource(fault.Message, fault.Position) : null,
        trial.Events.Count(tried => tried.Matches),
        [.. trial.Events.Select(tried => new TriedEventResource(tried.PublicId, tried.Type, tried.CreatedAt, tried.Matches))]);
}
