using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Events;

/// <summary>An event type as pages and the API show it.</summary>
/// <param name="IsDefined">Whether the organization defined it, and so may delete it.</param>
/// <param name="ByHub">Whether the hub itself publishes it; programs may not.</param>
public sealed record EventTypeRow(string Name, string Description, string? Example, bool IsDefined, bool ByHub);

/// <summary>The event types of an organization: the catalogue and what it defined itself.</summary>
public sealed class EventTypes(HubDbContextFactory contexts, AuditLog audit, TimeProvider time)
{
    private const int MaxPerOrganization = 500;
    private const int MaxExampleLength = 16 * 1024;

    public async Task<IReadOnlyList<EventTypeRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.EventsRead);
        await using var db = contexts.Create(actor);
        var defined = await db.EventTypeDefinitions.OrderBy(type => type.Name)
            .Select(type => new EventTypeRow(type.Name, type.Description, type.Example, true, false))
            .ToListAsync(cancellationToken);
        return [.. EventCatalogue.All.Select(type => new EventTypeRow(type.Name, type.Description, type.Example, false, type.ByHub)), .. defined];
    }

    /// <exception cref="Refusal">Malformed, in the catalogue already, or defined already.</exception>
    public async Task<EventTypeRow> DefineAsync(Actor actor, string? name, string? description, string? example, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.EventsWrite);
        Faults faults = new();
        name = name?.Trim() ?? "";
        faults.AddIf(!EventTypeName.IsWellFormed(name), "name", "name must be dotted lower-case words, such as order.shipped.");
        faults.AddIf(description?.Length > EventTypeDefinition.MaxDescriptionLength, "description", $"description may have at most {EventTypeDefinition.MaxDescriptionLength} characters.");
        faults.AddIf(example?.Length > MaxExampleLength, "example", $"example may have at most {MaxExampleLength} characters.");
        faults.ThrowIfAny();
        await using var db = contexts.Create(actor);
        if (EventCatalogue.Find(name) is not null || await db.EventTypeDefinitions.AnyAsync(type => type.Name == name, cancellationToken))
        {
            throw Refusal.Conflict("name", $"The event type {name} is there already.");
        }

        if (await db.EventTypeDefinitions.CountAsync(cancellationToken) >= MaxPerOrganization)
        {
            throw Refusal.Unprocessable("name", $"An organization may define at most {MaxPerOrganization} event types. Types under custom. need no definition.");
        }

        var now = time.GetUtcNow();
        var definition = new EventTypeDefinition
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = organization,
            Name = name,
            Description = description?.Trim() ?? "",
            Example = example,
            CreatedAt = now,
        };
        db.EventTypeDefinitions.Add(definition);
        audit.Add(db, actor, organization, "event_type.created", PublicId.Format(PublicId.EventType, definition.Id), name, null, new { definition.Name, definition.Description });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody defined the same at the same moment.
            throw Refusal.Conflict("name", $"The event type {name} is there already.");
        }

        return new EventTypeRow(definition.Name, definition.Description, definition.Example, true, false);
    }

    /// <exception cref="Refusal">Not defined by this organization.</exception>
    public async Task DeleteAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.EventsWrite);
        if (EventCatalogue.Find(name) is not null)
        {
            throw Refusal.Unprocessable("name", $"{name} belongs to the catalogue and cannot be deleted.");
        }

        await using var db = contexts.Create(actor);
        var definition = await db.EventTypeDefinitions.FirstOrDefaultAsync(type => type.Name == name, cancellationToken) ?? throw Refusal.NotFound($"The event type {name}");
        db.EventTypeDefinitions.Remove(definition);
        audit.Add(db, actor, organization, "event_type.deleted", PublicId.Format(PublicId.EventType, definition.Id), name, new { definition.Name, definition.Description }, null);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Why an actor may not publish a type, or null when it may.</summary>
    internal async ValueTask<string?> WhyNotPublishableAsync(Actor actor, Guid organization, string type, CancellationToken cancellationToken)
    {
        if (EventCatalogue.Find(type) is { } known)
        {
            return known.ByHub && actor.Kind != ActorKind.System ? $"{type} is published by the hub itself; use a type of your own." : null;
        }

        if (type.StartsWith(EventTypeName.CustomPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        await using var db = contexts.Create(actor);
        return await db.EventTypeDefinitions.AnyAsync(row => row.OrganizationId == organization && row.Name == type, cancellationToken)
            ? null
            : $"The event type {type} is not known. Define it with POST /api/event-types, or use a name under custom.";
    }
}
