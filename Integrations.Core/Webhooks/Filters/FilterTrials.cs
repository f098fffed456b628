using System.Linq.Expressions;
using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>An event on which a filter was tried.</summary>
/// <param name="Matches">Whether it would be delivered.</param>
public sealed record TriedEvent(Guid Id, string? ExternalId, string Type, DateTimeOffset CreatedAt, bool Matches)
{
    public string PublicId => ExternalId ?? Storage.PublicId.Format(Storage.PublicId.Event, Id);
}

/// <summary>What a filter does to recent events.</summary>
/// <param name="Fault">Why the text is no filter; then no event was tried.</param>
/// <param name="Events">The newest events of the types asked for, newest first.</param>
public sealed record FilterTrial(FilterFault? Fault, IReadOnlyList<TriedEvent> Events);

/// <summary>Tries filters on events that were published, before they are saved.</summary>
public sealed class FilterTrials(HubDbContextFactory contexts)
{
    /// <summary>How many events a filter is tried on.</summary>
    public const int MaxEvents = 20;

    private const int MaxPatterns = 100;

    /// <param name="events">Types, families or aliases as an endpoint subscribes to them; null or none for all.</param>
    /// <exception cref="Refusal"><see cref="RefusalKind.Invalid"/>: no filter was given, or a name is no type.</exception>
    public async Task<FilterTrial> TryAsync(Actor actor, string? filter, IReadOnlyList<string>? events, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.EventsRead);
        Faults faults = new();
        faults.AddIf(string.IsNullOrWhiteSpace(filter), "filter", "filter is required: the expression to try.");
        faults.AddIf(events?.Count > MaxPatterns, "events", $"events may name at most {MaxPatterns}; use a family such as invoice.* or *.");
        var patterns = (events ?? []).Select(given => EventTypeName.Resolve(given ?? "")).ToList();
        for (var i = 0; i < patterns.Count; i++)
        {
            faults.AddIf(!EventPattern.IsWellFormed(patterns[i]), $"events[{i}]", $"{events![i]} is not an event type. Use a dotted name such as invoice.paid, a family such as invoice.*, or *.");
        }

        faults.ThrowIfAny();
        if (PayloadFilter.Parse(filter!, out var fault) is not { } parsed)
        {
            return new FilterTrial(fault, []);
        }

        await using var db = contexts.Create(actor);
        var rows = await db.Events.AsNoTracking().Where(AnyOf(patterns)).Where(row => !row.IsTest)
            .OrderByDescending(row => row.Id).Take(MaxEvents).ToListAsync(cancellationToken);
        return new FilterTrial(null, [.. rows.Select(row => new TriedEvent(row.Id, row.ExternalId, row.Type, row.CreatedAt, Matches(parsed, row)))]);
    }

    private static bool Matches(PayloadFilter filter, Event row)
    {
        try
        {
            return filter.Matches(row.Type, row.Data);
        }
        catch (JsonException)
        {
            // As in the fan-out: what cannot be evaluated is delivered.
            return true;
        }
    }

    private static Expression<Func<Event, bool>> AnyOf(List<string> patterns)
    {
        if (patterns.Count == 0 || patterns.Contains(EventPattern.All))
        {
            return row => true;
        }

        var types = patterns.Where(pattern => !pattern.EndsWith('*')).ToList();
        Expression<Func<Event, bool>> any = row => types.Contains(row.Type);
        foreach (var pattern in patterns.Where(pattern => pattern.EndsWith('*')))
        {
            var family = pattern[..^1];
            Expression<Func<Event, bool>> next = row => row.Type.StartsWith(family);
            any = Expression.Lambda<Func<Event, bool>>(Expression.OrElse(any.Body, new Rename(next.Parameters[0], any.Parameters[0]).Visit(next.Body)), any.Parameters);
        }

        return any;
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
