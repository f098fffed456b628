using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Filters;
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
        api.MapDeliveriesOfEvents();
    }

    private static void MapAt(RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("", List).Produces<WebhooksAnswer>().WithSummary("List webhook endpoints, newest first");
        webhooks.MapPost("", Create).TakesIdempotencyKey().Produces<WebhookAnswer>(StatusCodes.Status201Created).WithSummary("Create a webhook endpoint; the answer shows its secret once");
        webhooks.MapPost("/filter/try", TryFilter).Produces<FilterTrialAnswer>()
            .WithSummary("Try a filter on your newest events").WithDescription("Nothing is saved or sent. A text that is no filter is answered with the fault and its position.");
        webhooks.MapGet("/{id}", Get).Produces<WebhookAnswer>().WithSummary("Read a webhook endpoint");
        webhooks.MapPatch("/{id}", Update).Produces<WebhookAnswer>().WithSummary("Change a webhook endpoint, or switch it on or off");
        webhooks.MapDelete("/{id}", Delete).Produces<DoneAnswer>().WithSummary("Delete a webhook endpoint; deliveries that wait are discarded");
        webhooks.MapPost("/{id}/test", Test).Produces<TestAnswer>().WithSummary("Send a test event and wait for the answer");
        webhooks.MapGet("/{id}/statistics", Statistics).Produces<StatisticsAnswer>().WithSummary("Read how an endpoint fared in the last 24 hours, in steps of ten minutes");
        webhooks.MapPost("/{id}/rotate-secret", Rotate).TakesIdempotencyKey().Produces<RotatedSecretAnswer>()
            .WithSummary("Give the endpoint a new secret; the old one signs too until the overlap ends");
        webhooks.MapDelete("/{id}/previous-secret", EndOverlap).Produces<DoneAnswer>().WithSummary("End the overlap of a rotation now");
        webhooks.MapDeliveries();
        webhooks.MapTail();
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

    private static async Task<IResult> TryFilter(Body<TryFilterRequest> body, Caller caller, FilterTrials trials, CancellationToken cancellationToken) =>
        Results.Ok(FilterTrialAnswer.From(await trials.TryAsync(caller.Actor, body.Value.Filter, body.Value.Events, cancellationToken)));

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

    private static async Task<IResult> Test(string id, OptionalBody<SendTestRequest> body, Caller caller, DeliveryService deliveries, CancellationToken cancellationToken)
    {
        var detail = await deliveries.TestAsync(caller.Actor, EndpointId(id), body.Value?.Event, cancellationToken);
        var last = detail.Attempts.Count > 0 ? AttemptResource.From(detail.Attempts[^1]) : null;
        return Results.Ok(new TestAnswer(new TestDeliveryResource(
            PublicId.Format(PublicId.Delivery, detail.Row.Id), detail.Row.EventType, detail.Row.Status, detail.Row.Error,
            new TestResponseResource(last?.ResponseStatus, last?.ResponseBody, last?.Milliseconds.Total))));
    }

    private static async Task<IResult> Statistics(string id, Caller caller, WebhookCharts charts, CancellationToken cancellationToken)
    {
        var chart = await charts.LastDayAsync(caller.Actor, EndpointId(id), cancellationToken);
        return Results.Ok(new StatisticsAnswer(new StatisticsResource(
            chart.Attempts, chart.SuccessRate, Rounded(chart.P50Milliseconds), Rounded(chart.P95Milliseconds),
            [.. chart.Points.Select(point => new StatisticsPointResource(point.Since, point.Delivered, point.Failed, Rounded(point.P50Milliseconds), Rounded(point.P95Milliseconds)))])));
    }

    private static double? Rounded(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;

    private static async Task<IResult> Rotate(
        string id, OptionalBody<RotateSecretRequest> body, Caller caller, WebhookSecretService secrets, WebhookQueries webhooks, CancellationToken cancellationToken)
    {
        var endpoint = EndpointId(id);
        var rotated = await secrets.RotateAsync(caller.Actor, endpoint, body.Value?.OverlapHours, body.Value?.Secret, body.Value?.SignatureType, cancellationToken);
        var detail = await webhooks.GetAsync(caller.AfterWriting, endpoint, cancellationToken);
        return Results.Ok(new RotatedSecretAnswer(rotated.PublicKey, detail.PreviousSecretExpiresAt, rotated.Secret));
    }

    private static async Task<IResult> EndOverlap(string id, Caller caller, WebhookSecretService secrets, CancellationToken cancellationToken)
    {
        await secrets.EndOverlapAsync(caller.Actor, EndpointId(id), cancellationToken);
        return Results.Ok(new DoneAnswer("The overlap has ended; only the new secret signs"));
    }

    internal static Guid EndpointId(string id) => PathId.Parse(PublicId.WebhookEndpoint, id, What);
}
