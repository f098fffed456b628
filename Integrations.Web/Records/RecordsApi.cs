using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Web.Api;

namespace Integrations.Web.Records;

/// <summary>Records of every type: <c>/contacts</c>, <c>/products</c>, <c>/invoices</c>, <c>/payments</c>, and <c>/records/{dataType}</c> for the rest.</summary>
internal static class RecordsApi
{
    public static void MapRecords(this RouteGroupBuilder api)
    {
        foreach (var type in RecordTypes.All)
        {
            MapType(api.MapGroup($"/{type.Name}").WithTags(type.Label), _ => type, type.Singular);
        }

        MapType(api.MapGroup("/records/{dataType}").WithTags("Records"), TypeOf, "record");
    }

    private static void MapType(RouteGroupBuilder group, Func<HttpContext, RecordType> type, string singular)
    {
        group.MapGet("", (HttpContext context, Caller caller, ListQuery list, RecordQueries records, ConnectorCatalog catalog, CancellationToken cancellationToken) =>
            ListAsync(type(context), context, caller, list, records, catalog, cancellationToken))
            .WithSummary($"List {singular}s, newest first").WithDescription("Filters: search, provider, status, updatedSince, from, to, and for contacts contactType, for invoices and payments contactId, for payments invoiceId.");
        group.MapGet("/export", (HttpContext context, Caller caller, RecordFiles files, ConnectorCatalog catalog, CancellationToken cancellationToken) =>
            Export(type(context), context, caller, files, catalog, cancellationToken)).WithSummary($"Export {singular}s as CSV, with the same filters");
        group.MapGet("/{id}", async (string id, HttpContext context, Caller caller, RecordQueries records, CancellationToken cancellationToken) =>
            RecordResources.One(await records.GetAsync(caller.Actor, type(context), IdOf(type(context), id), cancellationToken))).WithSummary($"Read one {singular}");
        group.MapPost("", (Body<JsonElement> body, HttpContext context, Caller caller, RecordService service, RecordQueries records, CancellationToken cancellationToken) =>
            CreateAsync(type(context), body.Value, context, caller, service, records, cancellationToken)).TakesIdempotencyKey().WithSummary($"Create one {singular}");
        group.MapPost("/bulk", async (Body<BulkRequest> body, HttpContext context, Caller caller, RecordService service, CancellationToken cancellationToken) =>
        {
            var known = type(context);
            var outcomes = await service.UpsertAsync(caller.Actor, known, body.Value.Items ?? [], cancellationToken);
            return Results.Ok(new BulkAnswer([.. outcomes.Select(outcome => new BulkItemResource(outcome.Id is { } id ? RecordIds.Format(known, id) : null, outcome.Status, outcome.Error))]));
        }).TakesIdempotencyKey().Produces<BulkAnswer>().WithSummary($"Create or change up to 1,000 {singular}s");
        group.MapPatch("/{id}", async (string id, Body<JsonElement> body, HttpContext context, Caller caller, RecordService service, RecordQueries records, CancellationToken cancellationToken) =>
        {
            DemandObject(body.Value);
            var (known, record) = (type(context), IdOf(type(context), id));
            await service.UpdateAsync(caller.Actor, known, record, body.Value, cancellationToken);
            return RecordResources.One(await records.GetAsync(caller.AfterWriting, known, record, cancellationToken));
        }).WithSummary($"Change one {singular}: the fields that are named; null takes a value away");
        group.MapDelete("/{id}", async (string id, HttpContext context, Caller caller, RecordService service, CancellationToken cancellationToken) =>
        {
            await service.DeleteAsync(caller.Actor, type(context), IdOf(type(context), id), cancellationToken);
            return Results.Ok(new DoneAnswer($"The {singular} was deleted"));
        }).Produces<DoneAnswer>().WithSummary($"Delete one {singular}; a sync does not bring it back");
    }

    private static async Task<IResult> ListAsync(
        RecordType type, HttpContext context, Caller caller, ListQuery list, RecordQueries records, ConnectorCatalog catalog, CancellationToken cancellationToken)
    {
        var page = await records.ListAsync(caller.Actor, type, FilterOf(type, context.Request.Query, catalog), list.Page, cancellationToken);
        return RecordResources.Many(type, page.Rows, page.NextCursor);
    }

    private static IResult Export(RecordType type, HttpContext context, Caller caller, RecordFiles files, ConnectorCatalog catalog, CancellationToken cancellationToken)
    {
        // Before the first byte: afterwards nothing can be refused any more.
        caller.Actor.Demand(Permission.RecordsRead);
        var filter = FilterOf(type, context.Request.Query, catalog);
        return Results.Stream(stream => files.WriteAsync(caller.Actor, type, filter, stream, cancellationToken), "text/csv; charset=utf-8", $"{type.Name}.csv");
    }

    private static async Task<IResult> CreateAsync(
        RecordType type, JsonElement body, HttpContext context, Caller caller, RecordService service, RecordQueries records, CancellationToken cancellationToken)
    {
        DemandObject(body);
        var id = await service.CreateAsync(caller.Actor, type, body, cancellationToken);
        context.Response.Headers.Location = $"{context.Request.Path}/{RecordIds.Format(type, id)}";
        return RecordResources.One(await records.GetAsync(caller.AfterWriting, type, id, cancellationToken), StatusCodes.Status201Created);
    }

    private static RecordFilter FilterOf(RecordType type, IQueryCollection query, ConnectorCatalog catalog)
    {
        Faults faults = new();
        var provider = Text(query, "provider") ?? Text(query, "service");
        var key = provider is null ? null : catalog.Find(provider)?.Info.Key;
        faults.AddIf(provider is not null && key is null, "provider", $"{provider} is not a provider.");
        var since = Text(query, "updatedSince");
        DateTimeOffset? updated = null;
        if (since is not null)
        {
            updated = Times.TryParse(since, out var time) ? time : null;
            faults.AddIf(updated is null, "updatedSince", "updatedSince must be an ISO 8601 time, or milliseconds since 1970.");
        }

        var status = Word(type, query, "status", faults);
        var kind = type.KindField is { } field ? Word(type, query, field, faults) : null;
        var contact = Id(query, "contactId", faults);
        var invoice = Id(query, "invoiceId", faults);
        var (from, to) = ListQuery.Between(query, faults);
        faults.ThrowIfAny();
        return new RecordFilter(Text(query, "search"), key, status, kind, updated, contact, invoice, from, to);
    }

    // Whatever the record is, and whether it is there.
    private static void DemandObject(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Invalid(null, "The body must be a JSON object with the record's fields.");
        }
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static string? Word(RecordType type, IQueryCollection query, string name, Faults faults)
    {
        if (Text(query, name) is not { } text || type.Find(name) is not { Kind: RecordFieldKind.Word } field)
        {
            return Text(query, name);
        }

        var word = text.ToLowerInvariant();
        faults.AddIf(!field.Words.Contains(word, StringComparer.Ordinal), name, $"{name} must be one of {string.Join(", ", field.Words)}.");
        return word;
    }

    private static Guid? Id(IQueryCollection query, string name, Faults faults)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        faults.AddIf(!RecordIds.TryParse(text, out var id), name, $"{name} must be the id of a record.");
        return id;
    }

    // Types with routes of their own are not served twice.
    private static RecordType TypeOf(HttpContext context) =>
        context.Request.RouteValues["dataType"] is string name && RecordTypes.Find(name) is { IsGeneric: true } type ? type : throw Refusal.NotFound("The data type");

    private static Guid IdOf(RecordType type, string id) => RecordIds.TryParse(id, out var parsed) ? parsed : throw Refusal.NotFound($"The {type.Singular}");
}
