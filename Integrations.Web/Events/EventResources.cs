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

internal sealed record PublishedEventResource(string Id, string Event, DateTimeOffset CreatedAt, int Deliveries);

internal sealed record PublishAnswer(IReadOnlyList<PublishedEventResource> Events) : Answer
{
    /// <summary>The id, when one event was published.</summary>
    public string? Id => Events.Count == 1 ? Events[0].Id : null;
}

internal sealed record EventResource(string Id, string Event, DateTimeOffset Timestamp, DateTimeOffset CreatedAt, string Source, int Deliveries)
{
    public static EventResource From(EventRow row) => new(row.PublicId, row.Type, row.Timestamp, row.CreatedAt, row.Source, row.DeliveryCount);
}

internal sealed record EventDetailResource(
    string Id, string Event, DateTimeOffset Timestamp, DateTimeOffset CreatedAt, string Source, int Deliveries, string? OrderingKey, RawJson Data);

internal sealed record EventsAnswer(IReadOnlyList<EventResource> Events, string? NextCursor) : Answer;

internal sealed record EventAnswer(EventDetailResource Event) : Answer;

internal sealed record EventTypeResource(string Name, string Description, RawJson? Example, bool IsDefined, bool IsPublishedByHub)
{
    public static EventTypeResource From(EventTypeRow row) =>
        new(row.Name, row.Description, RawJson.FromNullable(row.Example), row.IsDefined, row.ByHub);
}

internal sealed record EventTypesAnswer(IReadOnlyList<EventTypeResource> EventTypes) : Answer
{
    public string? NextCursor => null;
}

internal sealed record EventTypeAnswer(EventTypeResource EventType) : Answer;

/// <summary>An event type to define.</summary>
/// <param name="Example">An example of <c>data</c>; free form.</param>
internal sealed record DefineEventTypeRequest(string? Name = null, string? Description = null, JsonElement? Example = null);
