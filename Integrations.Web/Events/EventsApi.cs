using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Integrations.Web.Events;

/// <summary>Publishing and reading events, and the types they have.</summary>
internal static class EventsApi
{
    public static void MapEvents(this RouteGroupBuilder api)
    {
        var events = api.MapGroup("").WithTags("Events");
        events.MapPost("/events", Publish).TakesIdempotencyKey()
            .Accepts<PublishEventRequest>("application/json").Produces<PublishAnswer>(StatusCodes.Status202Accepted)
            .AddOpenApiOperationTransformer(DescribeArray)
            .WithSummary("Publish an event, or an array of up to 100").WithDescription("Accepted means stored. With your own id the same event again answers the same.");
        events.MapGet("/events", List).Produces<EventsAnswer>().WithSummary("List events, newest first");
        events.MapGet("/events/{id}", Get).Produces<EventAnswer>().WithSummary("Read an event");
        events.MapGet("/event-types", ListTypes).Produces<EventTypesAnswer>().WithSummary("List the catalogue and your own event types");
        events.MapPost("/event-types", Define).TakesIdempotencyKey().Produces<EventTypeAnswer>(StatusCodes.Status201Created).WithSummary("Define an event type");
        events.MapPatch("/event-types/{name}", Change).Produces<EventTypeAnswer>().WithSummary("Change an event type of your own: its description, example or schema");
        events.MapDelete("/event-types/{name}", Delete).Produces<DoneAnswer>().WithSummary("Delete an event type of your own");
    }

    private static Task DescribeArray(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var body = operation.RequestBody!.Content!["application/json"];
        body.Schema = new OpenApiSchema { OneOf = [body.Schema!, new OpenApiSchema { Type = JsonSchemaType.Array, Items = body.Schema, MinItems = 1, MaxItems = EventPublisher.MaxBatch }] };
        return Task.CompletedTask;
    }

    private static async Task<IResult> Publish(HttpContext context, Caller caller, EventPublisher publisher, CancellationToken cancellationToken)
    {
        caller.Actor.Demand(Permission.EventsWrite);
        if (!context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var body = await ApiBody.ReadBytesAsync(context.Request, cancellationToken);
        IReadOnlyList<PublishEventRequest?> requests = IsArray(body)
            ? ApiBody.Parse<List<PublishEventRequest?>>(body)
            : [ApiBody.Parse<PublishEventRequest>(body)];
        var published = await publisher.PublishAsync(caller.Actor, ToEvents(requests, IsArray(body)), cancellationToken);
        return Results.Json(
            new PublishAnswer([.. published.Select(item => new PublishedEventResource(item.Id, item.Type, item.CreatedAt, item.Deliveries, item.Warnings))]),
            statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> List(Caller caller, ListQuery list, EventQueries events, string? type, CancellationToken cancellationToken)
    {
        var page = await events.ListAsync(caller.Actor, new EventFilter(type), list.Page, cancellationToken);
        return Results.Ok(new EventsAnswer([.. page.Rows.Select(EventResource.From)], page.NextCursor));
    }

    private static async Task<IResult> Get(string id, Caller caller, EventQueries events, CancellationToken cancellationToken)
    {
        var (row, data) = await events.GetAsync(caller.Actor, id, cancellationToken);
        return Results.Ok(new EventAnswer(
            new EventDetailResource(
                row.PublicId, row.Type, row.Timestamp, row.CreatedAt, row.Source, row.DeliveryCount, row.IsTest, row.OrderingKey, row.Warnings, new RawJson(data))));
    }

    private static async Task<IResult> ListTypes(Caller caller, EventTypes types, CancellationToken cancellationToken) =>
        Results.Ok(new EventTypesAnswer([.. (await types.ListAsync(caller.Actor, cancellationToken)).Select(EventTypeResource.From)]));

    private static async Task<IResult> Define(Body<DefineEventTypeRequest> body, Caller caller, EventTypes types, CancellationToken cancellationToken)
    {
        var type = await types.DefineAsync(caller.Actor, body.Value.Name, body.Value.ToInput(), cancellationToken);
        return Results.Created($"/api/event-types/{type.Name}", new EventTypeAnswer(EventTypeResource.From(type)));
    }

    private static async Task<IResult> Change(string name, Body<ChangeEventTypeRequest> body, Caller caller, EventTypes types, CancellationToken cancellationToken) =>
        Results.Ok(new EventTypeAnswer(EventTypeResource.From(await types.UpdateAsync(caller.Actor, name, body.Value.ToInput(), cancellationToken))));

    private static async Task<IResult> Delete(string name, Caller caller, EventTypes types, CancellationToken cancellationToken)
    {
        await types.DeleteAsync(caller.Actor, name, cancellationToken);
        return Results.Ok(new DoneAnswer("Event type deleted"));
    }

    private static bool IsArray(ReadOnlySpan<byte> body)
    {
        body = body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        return body.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
    }

    private static List<NewEvent> ToEvents(IReadOnlyList<PublishEventRequest?> requests, bool isArray)
    {
        Faults faults = new();
        List<NewEvent> events = new(requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            var place = isArray ? $"[{i}]." : "";
            if (requests[i] is not { } request)
            {
                faults.Add($"[{i}]", "An event must not be null.");
                continue;
            }

            faults.AddIf(string.IsNullOrEmpty(request.Event), $"{place}event", "event is required: the type, such as invoice.paid.");
            if (request.Data is not { ValueKind: JsonValueKind.Object } data)
            {
                faults.Add($"{place}data", "data is required and must be a JSON object.");
            }
            else
            {
                events.Add(new NewEvent(request.Event ?? "", JsonMarshal.GetRawUtf8Value(data).ToArray(), request.Id, request.Timestamp, request.OrderingKey) { Place = place });
            }
        }

        faults.ThrowIfAny();
        return events;
    }
}
