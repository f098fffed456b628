using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Events;

/// <summary>An event type as pages and the API show it.</summary>
/// <param name="IsDefined">Whether the organization defined it, and so may delete it.</param>
/// <param name="ByHub">Whether the hub itself publishes it; programs may not.</param>
/// <param name="Schema">The JSON Schema that its events are held against, or null.</param>
public sealed record EventTypeRow(
    string Name, string Description, string? Example, bool IsDefined, bool ByHub, string? Schema = null, SchemaMode SchemaMode = SchemaMode.Warn);

/// <summary>The event types of an organization: the catalogue and what it defined itself.</summary>
public sealed class EventTypes(HubDbContextFactory contexts, AuditLog audit, IGroupWriter writer, TimeProvider time)
{
    private const int MaxPerOrganization = 500;
    private const int MaxAuditedSchemaLength = 4000;

    public async Task<IReadOnlyList<EventTypeRow>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.EventsRead);
        await using var db = contexts.Create(actor);
        var defined = await db.EventTypeDefinitions.OrderBy(type => type.Name)
            .Select(type => new EventTypeRow(type.Name, type.Description, type.Example, true, false, type.Schema, type.SchemaMode))
            .ToListAsync(cancellationToken);
        return [.. EventCatalogue.All.Select(type => new EventTypeRow(type.Name, type.Description, type.Example, false, type.ByHub)), .. defined];
    }

    /// <exception cref="Refusal">Malformed, in the catalogue already, or defined already; or the example departs from the schema.</exception>
    public async Task<EventTypeRow> DefineAsync(Actor actor, string? name, EventTypeInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.EventsWrite);
        Faults faults = new();
        name = name?.Trim() ?? "";
        faults.AddIf(!EventTypeName.IsWellFormed(name), "name", "name must be dotted lower-case words, such as order.shipped.");
        input.Check(faults);
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
            Description = "",
            CreatedAt = now,
        };
        input.Apply(definition);
        db.EventTypeDefinitions.Add(definition);
        audit.Add(db, actor, organization, "event_type.created", PublicId.Format(PublicId.EventType, definition.Id), name, null, Snapshot(definition));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody defined the same at the same moment.
            throw Refusal.Conflict("name", $"The event type {name} is there already.");
        }

        await SignalAsync(organization);
        return Describe(definition);
    }

    /// <summary>Changes what is given of a type.</summary>
    /// <exception cref="Refusal">Not defined by this organization; malformed; or the example departs from the schema.</exception>
    public async Task<EventTypeRow> UpdateAsync(Actor actor, string name, EventTypeInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.EventsWrite);
        await using var db = contexts.Create(actor);
        var definition = await FindAsync(db, name, "changed", cancellationToken);
        Faults faults = new();
        input.Check(faults);
        faults.ThrowIfAny();
        var before = Snapshot(definition);
        input.Apply(definition);
        audit.Add(db, actor, organization, "event_type.updated", PublicId.Format(PublicId.EventType, definition.Id), name, before, Snapshot(definition));
        await db.SaveChangesAsync(cancellationToken);
        await SignalAsync(organization);
        return Describe(definition);
    }

    /// <exception cref="Refusal">Not defined by this organization.</exception>
    public async Task DeleteAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.EventsWrite);
        await using var db = contexts.Create(actor);
        var definition = await FindAsync(db, name, "deleted", cancellationToken);
        db.EventTypeDefinitions.Remove(definition);
        audit.Add(db, actor, organization, "event_type.deleted", PublicId.Format(PublicId.EventType, definition.Id), name, Snapshot(definition), null);
        await db.SaveChangesAsync(cancellationToken);
        await SignalAsync(organization);
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

    private static async Task<EventTypeDefinition> FindAsync(IntegrationsDbContext db, string name, string what, CancellationToken cancellationToken) =>
        EventCatalogue.Find(name) is not null
            ? throw Refusal.Unprocessable("name", $"{name} belongs to the catalogue and cannot be {what}.")
            : await db.EventTypeDefinitions.FirstOrDefaultAsync(type => type.Name == name, cancellationToken) ?? throw Refusal.NotFound($"The event type {name}");

    private static EventTypeRow Describe(EventTypeDefinition definition) =>
        new(definition.Name, definition.Description, definition.Example, IsDefined: true, ByHub: false, definition.Schema, definition.SchemaMode);

    private static object Snapshot(EventTypeDefinition definition) => new
    {
        definition.Name,
        definition.Description,
        SchemaMode = definition.Schema is null ? (SchemaMode?)null : definition.SchemaMode,
        // The audit log is kept for years; of a long schema the beginning has to do.
        Schema = definition.Schema is { Length: > MaxAuditedSchemaLength } schema ? schema[..MaxAuditedSchemaLength] + "…" : definition.Schema,
    };

    // The change is on disk: whoever asked for it may leave, the other nodes still have to hear of it.
    private Task SignalAsync(Guid organization) => writer.SignalAsync(new HubSignal(HubSignalKind.EventTypesChanged, organization), CancellationToken.None);
}
