using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Web.Api;

namespace Integrations.Web.StoredKeys;

/// <summary>Secrets of providers that the organization keeps with us: <c>/integrations/api-keys</c>. Keys of our own are <c>/keys</c>.</summary>
internal static class StoredKeysApi
{
    private const string Path = "/integrations/api-keys";
    private const string What = "The stored key";

    public static void MapStoredKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup(Path).WithTags("Stored keys");
        keys.MapGet("", List).Produces<StoredKeysAnswer>().WithSummary("List stored keys, masked, newest first");
        keys.MapPost("", Create).TakesIdempotencyKey().Produces<StoredKeyAnswer>(StatusCodes.Status201Created).WithSummary("Store a provider's key; its value is encrypted and never shown again");
        keys.MapGet("/{id}", Get).Produces<StoredKeyAnswer>().WithSummary("Read a stored key, masked");
        keys.MapPut("/{id}", Update).Produces<StoredKeyAnswer>().WithSummary("Change a stored key; what is absent stays");
        keys.MapDelete("/{id}", Delete).Produces<DoneAnswer>().WithSummary("Delete a stored key");
    }

    private static async Task<IResult> List(Caller caller, ListQuery list, StoredKeyQueries keys, CancellationToken cancellationToken)
    {
        var page = await keys.ListAsync(caller.Actor, list.Page, cancellationToken);
        return Results.Ok(new StoredKeysAnswer([.. page.Rows.Select(StoredKeyResource.From)], page.NextCursor));
    }

    private static async Task<IResult> Create(
        Body<StoredKeyRequest> body, Caller caller, ConnectorCatalog catalog, StoredKeyService service, StoredKeyQueries keys, CancellationToken cancellationToken)
    {
        // Who may not do it does not hear what else would be wrong.
        caller.Actor.Demand(Permission.StoredKeysWrite);
        var id = await service.CreateAsync(caller.Actor, body.Value.ToInput(catalog, isNew: true), cancellationToken);
        var resource = await ReadAsync(caller, id, keys, cancellationToken);
        return Results.Created($"/api{Path}/{resource.Id}", new StoredKeyAnswer(resource));
    }

    private static async Task<IResult> Get(string id, Caller caller, StoredKeyQueries keys, CancellationToken cancellationToken) =>
        Results.Ok(new StoredKeyAnswer(await ReadAsync(caller, KeyId(id), keys, cancellationToken)));

    private static async Task<IResult> Update(
        string id, Body<StoredKeyRequest> body, Caller caller, ConnectorCatalog catalog, StoredKeyService service, StoredKeyQueries keys, CancellationToken cancellationToken)
    {
        caller.Actor.Demand(Permission.StoredKeysWrite);
        await service.UpdateAsync(caller.Actor, KeyId(id), body.Value.ToInput(catalog, isNew: false), cancellationToken);
        return Results.Ok(new StoredKeyAnswer(await ReadAsync(caller, KeyId(id), keys, cancellationToken)));
    }

    private static async Task<IResult> Delete(string id, Caller caller, StoredKeyService service, CancellationToken cancellationToken)
    {
        await service.DeleteAsync(caller.Actor, KeyId(id), cancellationToken);
        return Results.Ok(new DoneAnswer("Stored key deleted"));
    }

    private static Guid KeyId(string id) => PathId.Parse(PublicId.StoredKey, id, What);

    private static async Task<StoredKeyResource> ReadAsync(Caller caller, Guid id, StoredKeyQueries keys, CancellationToken cancellationToken) =>
        StoredKeyResource.From(await keys.GetAsync(caller.Actor, id, cancellationToken));
}
