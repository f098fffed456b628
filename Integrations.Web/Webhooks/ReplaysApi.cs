using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Api;

namespace Integrations.Web.Webhooks;

/// <summary>Replays: started and listed at their endpoint, read and steered at <c>/replays</c>.</summary>
internal static class ReplaysApi
{
    private const string Base = "/api/replays";

    public static void MapReplaysOfEndpoint(this RouteGroupBuilder webhooks)
    {
        webhooks.MapPost("/{id}/replay", Start).TakesIdempotencyKey().Produces<ReplayAnswer>(StatusCodes.Status202Accepted)
            .WithSummary("Send deliveries of an endpoint again: those that match, at a rate");
        webhooks.MapPost("/{id}/replay/count", Count).Produces<ReplayCountAnswer>().WithSummary("Count what a replay would send again; nothing is sent");
        webhooks.MapGet("/{id}/replays", List).Produces<ReplaysAnswer>().WithSummary("List the replays of an endpoint, newest first");
    }

    public static void MapReplays(this RouteGroupBuilder api)
    {
        var replays = api.MapGroup("/replays").WithTags("Webhooks");
        replays.MapGet("/{id}", Get).Produces<ReplayAnswer>().WithSummary("Read a replay and how far it is");
        replays.MapPost("/{id}/pause", Pause).Produces<ReplayAnswer>().WithSummary("Pause a replay; what is in the queue already is still sent");
        replays.MapPost("/{id}/resume", Resume).Produces<ReplayAnswer>().WithSummary("Resume a paused replay where it was");
        replays.MapPost("/{id}/cancel", Cancel).Produces<ReplayAnswer>().WithSummary("Cancel a replay; what waits for its first try is discarded");
    }

    private static async Task<IResult> Start(string id, Body<ReplayRequest> body, Caller caller, ReplayService service, ReplayQueries replays, CancellationToken cancellationToken)
    {
        var replay = await service.StartAsync(caller.Actor, WebhooksApi.EndpointId(id), body.Value.ToInput(), cancellationToken);
        return Results.Accepted($"{Base}/{PublicId.Format(PublicId.Replay, replay)}", await ReadAsync(replay, caller, replays, cancellationToken));
    }

    private static async Task<IResult> Count(string id, Body<ReplayRequest> body, Caller caller, ReplayQueries replays, CancellationToken cancellationToken)
    {
        var count = await replays.CountAsync(caller.Actor, WebhooksApi.EndpointId(id), body.Value.ToInput(), cancellationToken);
        return Results.Ok(new ReplayCountAnswer(count.Matched, count.IsWhole));
    }

    private static async Task<IResult> List(string id, Caller caller, ListQuery list, ReplayQueries replays, CancellationToken cancellationToken)
    {
        var page = await replays.ListAsync(caller.Actor, WebhooksApi.EndpointId(id), list.Page, cancellationToken);
        return Results.Ok(new ReplaysAnswer([.. page.Rows.Select(ReplayResource.Of)], page.NextCursor));
    }

    private static async Task<IResult> Get(string id, Caller caller, ReplayQueries replays, CancellationToken cancellationToken) =>
        Results.Ok(new ReplayAnswer(ReplayResource.Of(await replays.GetAsync(caller.Actor, ReplayId(id), cancellationToken))));

    private static async Task<IResult> Pause(string id, Caller caller, ReplayService service, ReplayQueries replays, CancellationToken cancellationToken)
    {
        await service.PauseAsync(caller.Actor, ReplayId(id), cancellationToken);
        return Results.Ok(await ReadAsync(ReplayId(id), caller, replays, cancellationToken));
    }

    private static async Task<IResult> Resume(string id, Caller caller, ReplayService service, ReplayQueries replays, CancellationToken cancellationToken)
    {
        await service.ResumeAsync(caller.Actor, ReplayId(id), cancellationToken);
        return Results.Ok(await ReadAsync(ReplayId(id), caller, replays, cancellationToken));
    }

    private static async Task<IResult> Cancel(string id, Caller caller, ReplayService service, ReplayQueries replays, CancellationToken cancellationToken)
    {
        await service.CancelAsync(caller.Actor, ReplayId(id), cancellationToken);
        return Results.Ok(await ReadAsync(ReplayId(id), caller, replays, cancellationToken));
    }

    private static async Task<ReplayAnswer> ReadAsync(Guid id, Caller caller, ReplayQueries replays, CancellationToken cancellationToken) =>
        new(ReplayResource.Of(await replays.GetAsync(caller.AfterWriting, id, cancellationToken)));

    private static Guid ReplayId(string id) => PathId.Parse(PublicId.Replay, id, "The replay");
}
