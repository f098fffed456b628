using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Web.Api;
using Integrations.Web.Connections;

namespace Integrations.Web.Sync;

/// <summary>Sync runs: started by connection or by provider, read, cancelled, tried again.</summary>
internal static class SyncsApi
{
    private const string What = "The sync run";

    public static void MapSyncs(this RouteGroupBuilder api)
    {
        var integrations = api.MapGroup("/integrations").WithTags("Sync");
        integrations.MapPost("/connections/{id}/sync", Start).TakesIdempotencyKey().Produces<SyncStartedAnswer>(StatusCodes.Status202Accepted)
            .WithSummary("Start a sync of a connection; Prefer: wait=n waits for its end");
        integrations.MapGet("/connections/{id}/sync", Last).Produces<SyncAnswer>().WithSummary("Read the newest sync of a connection");
        integrations.MapGet("/connections/{id}/syncs", ListOf).Produces<SyncsAnswer>().WithSummary("List the syncs of a connection, newest first");
        integrations.MapGet("/connections/{id}/mappings", Mappings).Produces<MappingsAnswer>().WithSummary("Read which fields of the provider become which of the hub");
        integrations.MapPut("/connections/{id}/mappings/{dataType}", SetMapping).Produces<MappingsAnswer>().WithSummary("Set the mapping of a data type");
        integrations.MapPost("/connections/{id}/mappings/{dataType}/preview", PreviewMapping).Produces<MappingPreviewAnswer>()
            .WithSummary("Try a mapping on the first rows that the provider has; without fields, the one that counts now");
        integrations.MapDelete("/connections/{id}/mappings/{dataType}", ResetMapping).Produces<MappingsAnswer>().WithSummary("Go back to the provider's own mapping of a data type");
        integrations.MapGet("/connections/{id}/pending-deletes", PendingDeletes).Produces<PendingDeletesAnswer>().WithSummary("List deletes that wait for a decision");
        integrations.MapPost("/connections/{id}/pending-deletes/approve", Approve).Produces<DoneAnswer>().WithSummary("Delete the records that are gone at the provider");
        integrations.MapPost("/connections/{id}/pending-deletes/reject", Reject).Produces<DoneAnswer>().WithSummary("Keep the records that are gone at the provider");
        integrations.MapPost("/{provider}/sync", StartOf).TakesIdempotencyKey().Produces<SyncAnswer>(StatusCodes.Status201Created)
            .WithSummary("Sync with a provider, and wait up to 30 seconds for the end");
        integrations.MapPost("/{provider}/sync/{dataType}", StartTypeOf).TakesIdempotencyKey().Produces<SyncAnswer>(StatusCodes.Status201Created)
            .WithSummary("Sync one data type with a provider, and wait up to 30 seconds for the end");
        integrations.MapGet("/{provider}/sync-status", LastOf).Produces<SyncAnswer>().WithSummary("Read the newest sync with a provider");

        var syncs = api.MapGroup("/syncs").WithTags("Sync");
        syncs.MapGet("", List).Produces<SyncsAnswer>().WithSummary("List syncs, newest first");
        syncs.MapGet("/{syncId}", Get).Produces<SyncAnswer>().WithSummary("Read a sync; Prefer: wait=n waits for its end");
        syncs.MapGet("/{syncId}/errors", Errors).Produces<SyncErrorsAnswer>().WithSummary("List the records that a sync could not take, or with kind=conflict those that both sides had changed");
        syncs.MapPost("/{syncId}/cancel", Cancel).Produces<DoneAnswer>().WithSummary("Cancel a sync");
        syncs.MapPost("/{syncId}/retry-failed", RetryFailed).TakesIdempotencyKey().Produces<SyncStartedAnswer>(StatusCodes.Status202Accepted)
            .WithSummary("Try the records again that failed; Prefer: wait=n waits for the end");
    }

    private static async Task<IResult> Start(string id, OptionalBody<SyncRequest> body, HttpContext context, Caller caller, SyncService service, SyncWait wait, CancellationToken cancellationToken)
    {
        var started = await service.StartAsync(caller.Actor, ConnectionsApi.ConnectionId(id), (body.Value ?? new SyncRequest()).ToInput(), cancellationToken);
        return await AnswerAsync(started, context, caller, wait, cancellationToken);
    }

    private static async Task<IResult> AnswerAsync(StartedSync started, HttpContext context, Caller caller, SyncWait wait, CancellationToken cancellationToken)
    {
        if (SyncWait.SecondsOf(context.Request) is { } seconds)
        {
            context.Response.Headers["Preference-Applied"] = $"wait={seconds}";
            var row = await wait.ForAsync(caller.AfterWriting, started.Id, seconds, cancellationToken);
            if (row.Run.Status >= SyncStatus.Completed)
            {
                return Results.Ok(new SyncAnswer(SyncResource.From(row)));
            }
        }

        return Accepted(started);
    }

    private static Task<IResult> StartOf(
        string provider, OptionalBody<SyncRequest> body, HttpContext context, Caller caller, SyncService service, SyncWait wait, ConnectionRequests requests, ConnectorCatalog catalog,
        CancellationToken cancellationToken) => StartAndWaitAsync(provider, null, body.Value, context, caller, service, wait, requests, catalog, cancellationToken);

    private static Task<IResult> StartTypeOf(
        string provider, string dataType, OptionalBody<SyncRequest> body, HttpContext context, Caller caller, SyncService service, SyncWait wait, ConnectionRequests requests,
        ConnectorCatalog catalog, CancellationToken cancellationToken) => StartAndWaitAsync(provider, dataType, body.Value, context, caller, service, wait, requests, catalog, cancellationToken);

    private static async Task<IResult> StartAndWaitAsync(
        string provider, string? dataType, SyncRequest? body, HttpContext context, Caller caller, SyncService service, SyncWait wait, ConnectionRequests requests, ConnectorCatalog catalog,
        CancellationToken cancellationToken)
    {
        var connection = await requests.FindAsync(caller, provider, cancellationToken, Permission.SyncWrite);
        var started = await service.StartAsync(caller.Actor, connection, (body ?? new SyncRequest()).ToInput(dataType), cancellationToken);
        var row = await wait.ForAsync(caller.AfterWriting, started.Id, SyncWait.SecondsOf(context.Request) ?? SyncWait.MaxSeconds, cancellationToken);
        if (row.Run.Status < SyncStatus.Completed)
        {
            return Accepted(started);
        }

        // In the shape of earlier products: a member for each data type, beside the run itself.
        var name = catalog.Find(row.Run.Provider)?.Info.Name ?? row.Run.Provider;
        Dictionary<string, object?> answer = new(StringComparer.Ordinal)
        {
            ["success"] = row.Run.Status != SyncStatus.Failed,
            ["message"] = row.Run.Status == SyncStatus.Failed ? $"{name} sync failed: {row.Run.Error}" : $"{name} sync completed",
            ["syncId"] = PublicId.Format(PublicId.SyncRun, row.Run.Id),
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Run.Status.ToString()),
        };
        foreach (var type in row.Parts.GroupBy(part => part.DataType, StringComparer.Ordinal))
        {
            answer[$"{JsonNamingPolicy.CamelCase.ConvertName(type.Key)}Synced"] = type.Sum(part => part.Created + part.Updated + part.Unchanged + part.Deleted);
        }

        answer["sync"] = SyncResource.From(row);
        context.Response.Headers.Location = $"/api/syncs/{answer["syncId"]}";
        return Results.Json(answer, ApiJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Last(string id, Caller caller, SyncQueries syncs, CancellationToken cancellationToken) =>
        Results.Ok(new SyncAnswer(await syncs.LastAsync(caller.Actor, ConnectionsApi.ConnectionId(id), cancellationToken) is { } row ? SyncResource.From(row) : null));

    private static async Task<IResult> LastOf(string provider, Caller caller, SyncQueries syncs, ConnectionRequests requests, CancellationToken cancellationToken) =>
        Results.Ok(new SyncAnswer(
            await syncs.LastAsync(caller.Actor, await requests.FindAsync(caller, provider, cancellationToken, Permission.SyncRead), cancellationToken) is { } row ? SyncResource.From(row) : null));

    private static async Task<IResult> ListOf(string id, string? status, ListQuery list, Caller caller, SyncQueries syncs, CancellationToken cancellationToken)
    {
        var connection = ConnectionsApi.ConnectionId(id);
        // The connection has to be the caller's, also when it was never synced.
        await syncs.LastAsync(caller.Actor, connection, cancellationToken);
        return await ListAsync(new SyncFilter(connection, null, SyncWords.ParseStatus(status)), list, caller, syncs, cancellationToken);
    }

    private static Task<IResult> List(string? status, string? provider, ListQuery list, Caller caller, SyncQueries syncs, ConnectorCatalog catalog, CancellationToken cancellationToken)
    {
        var key = string.IsNullOrEmpty(provider) ? null : catalog.Find(provider)?.Info.Key ?? throw Refusal.Invalid("provider", $"{provider} is not a provider.");
        return ListAsync(new SyncFilter(null, key, SyncWords.ParseStatus(status)), list, caller, syncs, cancellationToken);
    }

    private static async Task<IResult> ListAsync(SyncFilter filter, ListQuery list, Caller caller, SyncQueries syncs, CancellationToken cancellationToken)
    {
        var page = await syncs.ListAsync(caller.Actor, filter, list.Page, cancellationToken);
        return Results.Ok(new SyncsAnswer([.. page.Rows.Select(SyncResource.From)], page.NextCursor));
    }

    private static async Task<IResult> Get(string syncId, HttpContext context, Caller caller, SyncWait wait, CancellationToken cancellationToken) =>
        Results.Ok(new SyncAnswer(SyncResource.From(await wait.ForAsync(caller.Actor, RunId(syncId), SyncWait.SecondsOf(context.Request) ?? 0, cancellationToken))));

    private static async Task<IResult> Errors(string syncId, string? kind, ListQuery list, Caller caller, SyncQueries syncs, ConnectorCatalog catalog, CancellationToken cancellationToken)
    {
        var wanted = kind?.ToLowerInvariant() switch
        {
            null or "" or "error" => SyncIssueKind.Error,
            "conflict" => SyncIssueKind.Conflict,
            _ => throw Refusal.Invalid("kind", "kind must be error or conflict."),
        };
        var run = await syncs.GetAsync(caller.Actor, RunId(syncId), cancellationToken);
        var types = (catalog.Find(run.Run.Provider)?.DataTypes ?? []).ToDictionary(type => type.Name, type => type.RecordType, StringComparer.Ordinal);
        var page = await syncs.IssuesAsync(caller.Actor, run.Run.Id, wanted, list.Page, cancellationToken);
        return Results.Ok(new SyncErrorsAnswer([.. page.Rows.Select(issue => SyncErrorResource.From(issue, types.GetValueOrDefault(issue.DataType) ?? issue.DataType))], page.NextCursor));
    }

    private static async Task<IResult> Cancel(string syncId, Caller caller, SyncService service, CancellationToken cancellationToken)
    {
        await service.CancelAsync(caller.Actor, RunId(syncId), cancellationToken);
        return Results.Ok(new DoneAnswer("The sync is cancelled"));
    }

    private static async Task<IResult> RetryFailed(string syncId, HttpContext context, Caller caller, SyncService service, SyncWait wait, CancellationToken cancellationToken) =>
        await AnswerAsync(await service.RetryFailedAsync(caller.Actor, RunId(syncId), cancellationToken), context, caller, wait, cancellationToken);

    private static async Task<IResult> Mappings(string id, Caller caller, SyncQueries syncs, CancellationToken cancellationToken) =>
        await MappingsAsync(caller.Actor, ConnectionsApi.ConnectionId(id), syncs, cancellationToken);

    private static async Task<IResult> SetMapping(
        string id, string dataType, Body<MappingRequest> body, Caller caller, SyncService service, SyncQueries syncs, CancellationToken cancellationToken)
    {
        var connection = ConnectionsApi.ConnectionId(id);
        await service.SetMappingAsync(caller.Actor, connection, dataType, body.Value.ToMappings(), cancellationToken);
        return await MappingsAsync(caller.AfterWriting, connection, syncs, cancellationToken);
    }

    private static async Task<IResult> PreviewMapping(
        string id, string dataType, OptionalBody<MappingRequest> body, Caller caller, MappingPreviews previews, CancellationToken cancellationToken)
    {
        var rows = await previews.ReadAsync(
            caller.Actor, ConnectionsApi.ConnectionId(id), dataType, body.Value is { Fields: not null } given ? given.ToMappings() : null, cancellationToken);
        return Results.Ok(new MappingPreviewAnswer([.. rows.Select(row => new MappedPreviewResource(row.ExternalId, row.Name, row.Fields, row.Fault, row.Content))]));
    }

    private static async Task<IResult> ResetMapping(string id, string dataType, Caller caller, SyncService service, SyncQueries syncs, CancellationToken cancellationToken)
    {
        var connection = ConnectionsApi.ConnectionId(id);
        await service.SetMappingAsync(caller.Actor, connection, dataType, null, cancellationToken);
        return await MappingsAsync(caller.AfterWriting, connection, syncs, cancellationToken);
    }

    private static async Task<IResult> MappingsAsync(Actor actor, Guid connection, SyncQueries syncs, CancellationToken cancellationToken) =>
        Results.Ok(new MappingsAnswer([.. (await syncs.MappingsAsync(actor, connection, cancellationToken)).Select(DataTypeMappingResource.From)]));

    private static async Task<IResult> PendingDeletes(string id, Caller caller, SyncQueries syncs, CancellationToken cancellationToken)
    {
        var connection = ConnectionsApi.ConnectionId(id);
        // The connection has to be the caller's, also when nothing waits.
        await syncs.LastAsync(caller.Actor, connection, cancellationToken);
        var pending = await syncs.PendingDeletesAsync(caller.Actor, connection, cancellationToken);
        return Results.Ok(new PendingDeletesAnswer([.. pending.Select(row => new PendingDeletesResource(row.DataType, row.Count))]));
    }

    private static async Task<IResult> Approve(string id, Body<DecideDeletesRequest> body, Caller caller, SyncService service, CancellationToken cancellationToken)
    {
        var deleted = await service.DecideDeletesAsync(caller.Actor, ConnectionsApi.ConnectionId(id), body.Value.DataType ?? "", delete: true, cancellationToken);
        return Results.Ok(new DoneAnswer($"{deleted} links to records that are gone at the provider were deleted"));
    }

    private static async Task<IResult> Reject(string id, Body<DecideDeletesRequest> body, Caller caller, SyncService service, CancellationToken cancellationToken)
    {
        await service.DecideDeletesAsync(caller.Actor, ConnectionsApi.ConnectionId(id), body.Value.DataType ?? "", delete: false, cancellationToken);
        return Results.Ok(new DoneAnswer("The records are kept"));
    }

    private static Guid RunId(string id) => PathId.Parse(PublicId.SyncRun, id, What);

    private static IResult Accepted(StartedSync started)
    {
        var id = PublicId.Format(PublicId.SyncRun, started.Id);
        return Results.Accepted($"/api/syncs/{id}", new SyncStartedAnswer(id, SyncStatus.Queued, started.CreatedAt));
    }
}
