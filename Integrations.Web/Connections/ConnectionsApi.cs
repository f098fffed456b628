using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Api;

namespace Integrations.Web.Connections;

/// <summary>The catalogue and the connections: <c>/integrations</c>.</summary>
internal static class ConnectionsApi
{
    private const string What = "The connection";

    public static void MapProviderConnections(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/integrations").WithTags("Integrations");
        group.MapGet("", Catalogue).Produces<IntegrationsAnswer>().WithSummary("List the providers, with your connection to each");
        group.MapGet("/available", Catalogue).ExcludeFromDescription();
        group.MapGet("/connections", List).Produces<ConnectionsAnswer>().WithSummary("List connections");
        group.MapGet("/connected", List).ExcludeFromDescription();
        group.MapPost("/connections", Create).TakesIdempotencyKey().Produces<ConnectedAnswer>(StatusCodes.Status201Created)
            .WithSummary("Connect a provider; one that is connected by consent answers with authUrl");
        group.MapPost("/connect", Create).TakesIdempotencyKey().Produces<ConnectedAnswer>(StatusCodes.Status201Created).WithSummary("Connect a provider with a key, a token or a webhook URL");
        group.MapPost("/{provider}/connect", CreateFor).TakesIdempotencyKey().Produces<ConnectedAnswer>(StatusCodes.Status201Created).WithSummary("Connect this provider");
        group.MapGet("/connections/{id}", Get).Produces<ConnectionAnswer>().WithSummary("Read a connection");
        group.MapPatch("/connections/{id}", Update).Produces<UpdatedConnectionAnswer>().WithSummary("Change a connection; permissions that take another consent are answered with authUrl");
        group.MapDelete("/connections/{id}", DisconnectById).Produces<DoneAnswer>().WithSummary("Disconnect");
        group.MapPost("/{idOrProvider}/disconnect", Disconnect).Produces<DoneAnswer>().WithSummary("Disconnect by connection or provider");
        group.MapDelete("/{idOrProvider}", Disconnect).Produces<DoneAnswer>().WithSummary("Disconnect by provider");
        group.MapDelete("/{idOrProvider}/disconnect", Disconnect).ExcludeFromDescription();
        group.MapPost("/connections/{id}/test", Test).Produces<ConnectionTestAnswer>().WithSummary("Try a connection now");
        group.MapGet("/connections/{id}/choices/{name}", Choices).Produces<ChoicesAnswer>().WithSummary("List what a provider's setting can be set to");
        group.MapConnectionActions();
        group.MapConsents();
    }

    private static async Task<IResult> Catalogue(
        string? category, string? search, bool? connected, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "organization_slug")] string? slug, Caller caller, ConnectionQueries connections,
        OrganizationQueries organizations, ConnectionAnswers answers, CancellationToken cancellationToken)
    {
        await DemandSlugAsync(caller, organizations, slug, cancellationToken);
        var parsed = category is { Length: > 0 } ? ProviderWords.ParseCategory(category) ?? throw Refusal.Invalid("category", $"{category} is not a category.") : (Core.Providers.ProviderCategory?)null;
        var rows = await connections.CatalogueAsync(caller.Actor, new CatalogueFilter(parsed, search, connected), cancellationToken);
        return Results.Ok(new IntegrationsAnswer(await answers.DescribeAsync(caller, rows, cancellationToken)));
    }

    private static async Task<IResult> List(
        string? service, string? provider, string? status, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "organization_slug")] string? slug, ListQuery list, HttpContext context, Caller caller,
        ConnectionQueries connections, OrganizationQueries organizations, ConnectionAnswers answers, CancellationToken cancellationToken)
    {
        await DemandSlugAsync(caller, organizations, slug, cancellationToken);
        var statuses = status is { Length: > 0 } ? ProviderWords.ParseStatus(status) ?? throw Refusal.Invalid("status", $"{status} is not a status of a connection.") : null;
        var page = await connections.ListAsync(caller.Actor, service ?? provider, statuses ?? DefaultStatuses(context), list.Page, cancellationToken);
        return Results.Ok(new ConnectionsAnswer(await answers.DescribeAsync(caller, page.Rows, cancellationToken), page.NextCursor));
    }

    // "Connected" means what it says; the list of connections also holds those that are pending or were disconnected.
    private static IReadOnlyList<ConnectionStatus>? DefaultStatuses(HttpContext context) => context.Request.Path.Value?.EndsWith("/connected", StringComparison.Ordinal) == true
        ? [ConnectionStatus.Connected, ConnectionStatus.Degraded, ConnectionStatus.NeedsAuthorization, ConnectionStatus.ConfigurationError]
        : null;

    private static Task<IResult> Create(Body<ConnectRequest> body, ConnectionRequests requests, Caller caller, CancellationToken cancellationToken) =>
        requests.ConnectAsync(caller, null, body.Value, cancellationToken);

    private static Task<IResult> CreateFor(string provider, OptionalBody<ConnectRequest> body, ConnectionRequests requests, Caller caller, CancellationToken cancellationToken) =>
        requests.ConnectAsync(caller, provider, body.Value ?? new ConnectRequest(), cancellationToken);

    private static async Task<IResult> Get(string id, Caller caller, ConnectionQueries connections, ConnectionAnswers answers, CancellationToken cancellationToken) =>
        Results.Ok(new ConnectionAnswer(await answers.DescribeAsync(caller, await connections.GetAsync(caller.Actor, ConnectionId(id), cancellationToken), cancellationToken)));

    private static async Task<IResult> Update(
        string id, Body<UpdateConnectionRequest> body, Caller caller, ConnectionService service, ConsentLinks links, ConnectionQueries connections, ConnectionAnswers answers,
        CancellationToken cancellationToken)
    {
        var connection = ConnectionId(id);
        var pending = await service.UpdateAsync(caller.Actor, connection, body.Value.ToChanges(), cancellationToken);
        var detail = await connections.GetAsync(caller.AfterWriting, connection, cancellationToken);
        var link = pending.Count == 0
            ? null
            : await links.CreateAsync(
                caller.Actor, new ConsentInput { Provider = detail.Connector.Info.Key, Permissions = [.. detail.Permissions, .. pending] }, memberOnly: false, creates: false, cancellationToken);
        return Results.Ok(new UpdatedConnectionAnswer(await answers.DescribeAsync(caller, detail, cancellationToken), pending, link?.Url));
    }

    private static Task<IResult> DisconnectById(string id, OptionalBody<DisconnectRequest> body, Caller caller, ConnectionService service, CancellationToken cancellationToken) =>
        EndAsync(ConnectionId(id), body.Value, caller, service, cancellationToken);

    private static async Task<IResult> Disconnect(
        string idOrProvider, OptionalBody<DisconnectRequest> body, Caller caller, ConnectionService service, ConnectionRequests requests, CancellationToken cancellationToken) =>
        await EndAsync(await requests.FindAsync(caller, idOrProvider, cancellationToken), body.Value, caller, service, cancellationToken);

    private static async Task<IResult> EndAsync(Guid id, DisconnectRequest? request, Caller caller, ConnectionService service, CancellationToken cancellationToken)
    {
        await service.DisconnectAsync(caller.Actor, id, keepCredential: request?.DeleteCredential == false, cancellationToken);
        return Results.Ok(new DoneAnswer("Connection deleted successfully"));
    }

    private static async Task<IResult> Test(string id, Caller caller, ConnectionService service, CancellationToken cancellationToken)
    {
        var result = await service.TestAsync(caller.Actor, ConnectionId(id), cancellationToken);
        return Results.Ok(new ConnectionTestAnswer(new TestResultResource(result.Ok, result.Message, Math.Round(result.Milliseconds, 1))));
    }

    private static async Task<IResult> Choices(string id, string name, Caller caller, ConnectionService service, CancellationToken cancellationToken) =>
        Results.Ok(new ChoicesAnswer([.. (await service.ListChoicesAsync(caller.Actor, ConnectionId(id), name, cancellationToken)).Select(choice => new ChoiceResource(choice.Value, choice.Label))]));

    internal static Guid ConnectionId(string id) => PathId.Parse(PublicId.Connection, id, What);

    private static async Task DemandSlugAsync(Caller caller, OrganizationQueries organizations, string? slug, CancellationToken cancellationToken)
    {
        if (slug is not null && (await organizations.GetAsync(caller.AfterWriting, cancellationToken)).Slug != slug)
        {
            throw Refusal.NotFound("The organization");
        }
    }
}
