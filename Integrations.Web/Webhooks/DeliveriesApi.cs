using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Api;

namespace Integrations.Web.Webhooks;

/// <summary>The deliveries of a webhook endpoint.</summary>
internal static class DeliveriesApi
{
    private const string What = "The delivery";

    // The words of earlier products beside ours.
    private static readonly Dictionary<string, DeliveryStatus> _statuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pending"] = DeliveryStatus.Pending,
        ["delivering"] = DeliveryStatus.Delivering,
        ["retrying"] = DeliveryStatus.Retrying,
        ["delivered"] = DeliveryStatus.Delivered,
        ["success"] = DeliveryStatus.Delivered,
        ["failed"] = DeliveryStatus.Failed,
        ["discarded"] = DeliveryStatus.Discarded,
    };

    public static void MapDeliveries(this RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("/{id}/deliveries", List).Produces<DeliveriesAnswer>().QueryTakes("status", _statuses.Keys).WithSummary("List the deliveries of an endpoint, newest first");
        webhooks.MapGet("/{id}/deliveries/{deliveryId}", Get).Produces<DeliveryAnswer>().WithSummary("Read a delivery with every try");
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/retry", Retry).Produces<DoneAnswer>().WithSummary("Try a delivery again at once, also while the endpoint's circuit is open");
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/skip", Skip).Produces<DoneAnswer>().WithSummary("Give a delivery up, so that the later ones of its ordering key may go");
    }

    public static void MapDeliveriesOfEvents(this RouteGroupBuilder api) =>
        api.MapGroup("/events").WithTags("Webhooks").MapGet("/{id}/deliveries", ListOfEvent).Produces<DeliveriesAnswer>()
            .WithSummary("List the deliveries of an event to all endpoints, newest first");

    private static async Task<IResult> ListOfEvent(string id, Caller caller, ListQuery list, DeliveryQueries deliveries, CancellationToken cancellationToken) =>
        await AnswerAsync(caller, await deliveries.ListOfEventAsync(caller.Actor, id, list.Page, cancellationToken), deliveries, cancellationToken);

    private static async Task<IResult> List(
        string id, Caller caller, ListQuery list, WebhookQueries webhooks, DeliveryQueries deliveries, string? status, string? eventType, CancellationToken cancellationToken)
    {
        var endpoint = WebhooksApi.EndpointId(id);
        await webhooks.GetAsync(caller.Actor, endpoint, cancellationToken);
        var filter = new DeliveryFilter(endpoint, null, Status(status), eventType);
        return await AnswerAsync(caller, await deliveries.ListAsync(caller.Actor, filter, list.Page, cancellationToken), deliveries, cancellationToken);
    }

    private static async Task<IResult> AnswerAsync(Caller caller, Page<DeliveryRow> page, DeliveryQueries deliveries, CancellationToken cancellationToken)
    {
        var contents = await deliveries.ContentsAsync(caller.Actor, page.Rows, cancellationToken);
        return Results.Ok(new DeliveriesAnswer([.. page.Rows.Select(row => DeliveryResource.From(row, contents[row.Id].Body, contents[row.Id].ResponseBody))], page.NextCursor));
    }

    private static async Task<IResult> Get(string id, string deliveryId, Caller caller, DeliveryQueries deliveries, CancellationToken cancellationToken) =>
        Results.Ok(new DeliveryAnswer(DeliveryDetailResource.From(await FindAsync(id, deliveryId, caller, deliveries, cancellationToken))));

    private static async Task<IResult> Retry(string id, string deliveryId, Caller caller, DeliveryService service, CancellationToken cancellationToken)
    {
        var delivery = PathId.Parse(PublicId.Delivery, deliveryId, What);
        var waits = await service.RetryAsync(caller.Actor, WebhooksApi.EndpointId(id), delivery, cancellationToken);
        return Results.Ok(new DoneAnswer(waits ? "The delivery is tried again as soon as the other one of its ordering key that is under way has ended" : "The delivery is tried again"));
    }

    private static async Task<IResult> Skip(string id, string deliveryId, Caller caller, DeliveryService service, CancellationToken cancellationToken)
    {
        var delivery = PathId.Parse(PublicId.Delivery, deliveryId, What);
        await service.SkipAsync(caller.Actor, WebhooksApi.EndpointId(id), delivery, cancellationToken);
        return Results.Ok(new DoneAnswer("The delivery is skipped"));
    }

    private static async Task<DeliveryDetail> FindAsync(string id, string deliveryId, Caller caller, DeliveryQueries deliveries, CancellationToken cancellationToken)
    {
        var detail = await deliveries.GetAsync(caller.Actor, PathId.Parse(PublicId.Delivery, deliveryId, What), cancellationToken);
        return detail.Row.EndpointId == WebhooksApi.EndpointId(id) ? detail : throw Refusal.NotFound(What);
    }

    private static DeliveryStatus? Status(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return _statuses.TryGetValue(text, out var status) ? status : throw Refusal.Invalid("status", $"status must be one of {string.Join(", ", _statuses.Keys)}.");
    }
}
