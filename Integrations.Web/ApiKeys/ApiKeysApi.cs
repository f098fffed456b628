using Integrations.Core.ApiKeys;
using Integrations.Core.Storage;
using Integrations.Web.Api;

namespace Integrations.Web.ApiKeys;

/// <summary>API keys that the organization issues: <c>/keys</c>.</summary>
internal static class ApiKeysApi
{
    private const string What = "The API key";

    public static void MapApiKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("API keys");
        keys.MapGet("", List).Produces<ApiKeysAnswer>().WithSummary("List API keys, newest first");
        keys.MapPost("", Create).TakesIdempotencyKey().Produces<CreatedApiKeyAnswer>(StatusCodes.Status201Created).WithSummary("Create an API key; the answer shows it once");
        keys.MapGet("/{id}", Get).Produces<ApiKeyAnswer>().WithSummary("Read an API key");
        keys.MapDelete("/{id}", Revoke).Produces<DoneAnswer>().WithSummary("Revoke an API key");
    }

    private static async Task<IResult> List(Caller caller, ListQuery list, ApiKeyQueries keys, CancellationToken cancellationToken)
    {
        var page = await keys.ListAsync(caller.Actor, list.Page, cancellationToken);
        return Results.Ok(new ApiKeysAnswer([.. page.Rows.Select(ApiKeyResource.From)], page.NextCursor));
    }

    private static async Task<IResult> Create(Body<CreateApiKeyRequest> body, Caller caller, ApiKeyService service, ApiKeyQueries keys, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var created = await service.CreateAsync(caller.Actor, request.Name, request.Scopes, request.ExpiresAt, cancellationToken);
        var resource = ApiKeyResource.From(await keys.GetAsync(caller.Actor, created.Id, cancellationToken));
        return Results.Created($"/api/keys/{resource.Id}", new CreatedApiKeyAnswer(created.Key, resource.Id, resource));
    }

    private static async Task<IResult> Get(string id, Caller caller, ApiKeyQueries keys, CancellationToken cancellationToken) =>
        Results.Ok(new ApiKeyAnswer(ApiKeyResource.From(await keys.GetAsync(caller.Actor, PathId.Parse(PublicId.ApiKey, id, What), cancellationToken))));

    private static async Task<IResult> Revoke(string id, Caller caller, ApiKeyService service, CancellationToken cancellationToken)
    {
        await service.RevokeAsync(caller.Actor, PathId.Parse(PublicId.ApiKey, id, What), cancellationToken);
        return Results.Ok(new DoneAnswer("API key revoked"));
    }
}
