using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Api;

namespace Integrations.Web.Webhooks;

/// <summary>Webhook endpoints: <c>/integrations/webhooks</c>, with <c>/webhooks</c> as an alias.</summary>
internal static class WebhooksApi
{
    private const string What = "The webhook endpoint";

    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        MapAt(api.MapGroup("/integrations/webhooks").WithTags("Webhooks"));
        MapAt(api.MapGroup("/webhooks").ExcludeFromDescription());
        api.MapReplays();
    }

    private static void MapAt(RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("", List).Produces<WebhooksAnswer>().WithSummary("List webhook endpoints, newest first");
        webhooks.MapPost("", Create).TakesIdempotencyKey().Produces<WebhookAnswer>(StatusCodes.Status201Created).WithSummary("Create a webhook endpoint; the answer shows its secret once");
        webhooks.MapGet("/{id}", Get).Produces<WebhookAnswer>().WithSummary("Read a webhook endpoint");
        webhooks.MapPatch("/{id}", Update).Produces<WebhookAnswer>().WithSummary("Change a webhook endpoint, or switch it on or off");
        webhooks.MapDelete("/{id}", Delete).Produces<DoneAnswer>().WithSummary("Delete a webhook endpoint; deliveries that wait are discarded");
        webhooks.MapPost("/{id}/test", Test).Produces<TestAnswer>().WithSummary("Send a test event and wait for the answer");
        webhooks.MapDeliveries();
        webhooks.MapReplaysOfEndpoint();
    }

    private static async Task<IResult> List(Caller caller, ListQuery list, WebhookQueries webhooks, CancellationToken cancellationToken)
    {
        var page = await webhooks.ListAsync(caller.Actor, list.Page, cancellationToken);
        return Results.Ok(new WebhooksAnswer([.. page.Rows.Select(row => WebhookResource.From(row))], page.NextCursor));
    }

    private static async Task<IResult> Create(Body<WebhookRequest> body, Caller caller, WebhookService service, WebhookQueries webhooks, HttpContext context, CancellationToken cancellationToken)
    {
        var created = await service.CreateAsync(caller.Actor, body.Value.ToInput(), cancellationToken);
        var detail = await webhooks.GetAsync(caller.AfterWriting, created.Id, cancellationToken);
        return Results.Created($"{context.Request.Path}/{PublicId.Format(PublicId.WebhookEndpoint, created.Id)}", new WebhookAnswer(WebhookResource.From(detail, created.Secret)));
    }

    private static async Task<IResult> Get(string id, Caller caller, WebhookQueries webhooks, CancellationToken cancellationToken) =>
        Results.Ok(new WebhookAnswer(WebhookResource.From(await webhooks.GetAsync(caller.Actor, EndpointId(id), cancellationToken))));

    private static async Task<IResult> Update(
        string id, Body<WebhookRequest> body, Caller caller, WebhookService service, WebhookQueries webhooks, CancellationToken cancellationToken)
    {
        var endpoint = EndpointId(id);
        await service.UpdateAsync(caller.Actor, endpoint, body.Value.ToInput(), cancellationToken);
        return Results.Ok(new WebhookAnswer(WebhookResource.From(await webhooks.GetAsync(caller.AfterWriting, endpoint, cancellationToken))));
    }

    private static async Task<IResult> Delete(string id, Caller caller, WebhookService service, CancellationToken cancellationToken)
    {
        await service.DeleteAsync(caller.Actor, EndpointId(id), cancellationToken);
        return Results.Ok(new DoneAnswer("Webhook endpoint deleted"));
    }

    private static async Task<IResult> Test(string id, Caller caller, DeliveryService deliveries, CancellationToken cancellationToken)
    {
        var detail = await deliveries.TestAsync(caller.Actor, EndpointId(id), cancellationToken);
        var last = detail.Attempts.Count > 0 ? AttemptResource.From(detail.Attempts[^1]) : null;
        return Results.Ok(new TestAnswer(new TestDeliveryResource(
            PublicId.Format(PublicId.Delivery, detail.Row.Id), detail.Row.Status, detail.Row.Error,
            new TestResponseResource(last?.ResponseStatus, last?.ResponseBody, last?.Milliseconds.Total))));
    }

    internal static Guid EndpointId(string id) => PathId.Parse(PublicId.WebhookEndpoint, id, What);
}
