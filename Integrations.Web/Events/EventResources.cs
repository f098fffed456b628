using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Web.Api;

namespace Integrations.Web.Events;

/// <summary>An event to publish.</summary>
/// <param name="Event">The type: <c>invoice.paid</c>, one that you defined, or <c>custom.*</c>.</param>
/// <param name="Data">A JSON object of at most 256 KiB; free form.</param>
/// <param name="Id">Your own id, which makes publishing idempotent: 1 to 64 letters, digits, hyphens or underscores.</param>
/// <param name="Timestamp">When it happened; now when absent.</param>
/// <param name="OrderingKey">Endpoints that order by it get events with the same key one after the other.</param>
internal sealed record PublishEventRequest(
    string? Event = null, JsonElement? Data = null, string? Id = null, DateTimeOffset? Timestamp = null, string? OrderingKey = null);

/// <summary>An accepted event. <c>warnings</c> tells how its data departs from its type's schema.</summary>
internal sealed record PublishedEventResource(string Id, string Event, DateTimeOffset CreatedAt, int Deliveries, IReadOnlyList<string> Warnings);

internal sealed record PublishAnswer(IReadOnlyList<PublishedEventResource> Events) : Answer
{
    /// <summary>The id, when one event was published.</summary>
    public string? Id => Events.Count == 1 ? Events[0].Id : null;
}

/// <param name="IsTest">An example that somebody sent to one endpoint to test it: nothing happened.</param>
internal sealed record EventResource(
    string Id, string Event, DateTimeOffset Timestamp, DateTimeOffset CreatedAt, string Source, int Deliveries, bool IsTest, IReadOnlyList<string> Warnings)
{
    public static EventResource From(EventRow row) => new(row.PublicId, row.Type, row.Timestamp, row.CreatedAt, row.Source, row.DeliveryCount, row.IsTest, row.Warnings);
}

internal sealed record EventDetailResource(
    string Id, string Event, DateTimeOffset Timestamp, DateTimeOffset CreatedAt, string Source, int Deliveries, bool IsTest, string? OrderingKey, IReadOnlyList<string> Warnings, RawJson Data);

internal sealed record EventsAnswer(IReadOnlyList<EventResource> Events, string? NextCursor) : Answer;

internal sealed record EventAnswer(EventDetailResource Event) : Answer;

/// <summary>An event type. <c>schema</c> and <c>schemaMode</c> belong to types of your own.</summary>
internal sealed record EventTypeResource(string Name, string Description, RawJson? Example, bool IsDefined, bool IsPublishedByHub, RawJson? Schema, SchemaMode? SchemaMode)
{
    public static EventTypeResource From(EventTypeRow row) =>
        new(row.Name, row.Description, RawJson.FromNullable(row.Example), row.IsDefined, row.ByHub, RawJson.FromNullable(row.Schema), row.IsDefined ? row.SchemaMode : null);
}

internal sealed record EventTypesAnswer(IReadOnlyList<EventTypeResource> EventTypes) : Answer
{
    public string? NextCursor => null;
}

internal sealed record EventTypeAnswer(EventTypeResource EventType) : Answer;

/// <summary>An event type to define.</summary>
/// <param name="Example">An example of <c>data</c>; free form. It has to meet the schema.</param>
/// <param name="Schema">A JSON Schema that <c>data</c> is held against: an object of at most 64 KiB. The help page /help/schemas lists its keywords.</param>
/// <param name="SchemaMode">warn: events that depart are accepted, with warnings; enforce: they are refused. warn when absent.</param>
internal sealed record DefineEventTypeRequest(
    string? Name = null, string? Description = null, JsonElement? Example = null, JsonElement? Schema = null, SchemaMode? SchemaMode = null)
{
    public EventTypeInput ToInput() => new(Description, Example?.GetRawText(), Schema?.GetRawText(), SchemaMode);
}

/// <summary>What to change of an event type. What is absent stays; null takes the example or the schema away.</summary>
internal sealed record ChangeEventTypeRequest
{
    public string? Description { get; init; }

    /// <summary>Not nullable, so that null can be told from nothing.</summary>
    public JsonElement Example { get; init; }

    public JsonElement Schema { get; init; }

    public SchemaMode? SchemaMode { get; init; }

    public EventTypeInput ToInput() => new(Description, Text(Example), Text(Schema), SchemaMode);

    private static string? Text(JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.Null => "",
        _ => given.GetRawText(),
    };
}
