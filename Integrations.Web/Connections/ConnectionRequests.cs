using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Web.Api;

namespace Integrations.Web.Connections;

/// <summary>What several routes do: connect in whatever way a request asks for, and find a connection by its id or its provider.</summary>
internal sealed class ConnectionRequests(
    ConnectService connect, ConsentLinks links, ConnectionQueries connections, ConnectorCatalog catalog, OrganizationQueries organizations, StoredKeyReader storedKeys,
    ConnectionAnswers answers)
{
    private const string Path = "/api/integrations/connections/";

    public async Task<IResult> ConnectAsync(Caller caller, string? provider, ConnectRequest request, CancellationToken cancellationToken)
    {
        if (provider is not null && catalog.Find(provider) is null)
        {
            throw Refusal.NotFound("The provider");
        }

        if (request.OrganizationSlug is { } slug && (await organizations.GetAsync(caller.AfterWriting, cancellationToken)).Slug != slug)
        {
            throw Refusal.NotFound("The organization");
        }

        var connector = catalog.Find(provider ?? request.AnyProvider);
        if (connector?.OAuth is not null && !request.HasCredential)
        {
            return await ByConsentAsync(caller, provider, request, cancellationToken);
        }

        var secret = await SecretAsync(caller, connector, request, cancellationToken);
        var id = await connect.ConnectAsync(caller.Actor, request.ToInput(provider, secret), cancellationToken);
        return await CreatedAsync(caller, id, null, cancellationToken);
    }

    /// <summary>The connection that an id or a provider's name stands for.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public async Task<Guid> FindAsync(Caller caller, string idOrProvider, CancellationToken cancellationToken, Permission permission = Permission.ConnectionsWrite)
    {
        if (PublicId.TryParse(PublicId.Connection, idOrProvider, out var id))
        {
            return id;
        }

        var key = catalog.Find(idOrProvider)?.Info.Key ?? throw Refusal.NotFound("The connection");
        caller.Actor.Demand(permission);
        return await connections.ListAsync(caller.AfterWriting, key, null, cancellationToken) is [var found] ? found.Id : throw Refusal.NotFound("The connection");
    }

    // A stored key is opened only for a request in which it has a place: that it was used stands in the audit log.
    private async Task<string?> SecretAsync(Caller caller, Connector? connector, ConnectRequest request, CancellationToken cancellationToken)
    {
        // Which provider was meant, the service will ask.
        if (request.StoredKeyId is not { } key || connector is null)
        {
            return request.ApiKey;
        }

        caller.Actor.Demand(Permission.ConnectionsWrite);
        if (request.ApiKey is not null)
        {
            throw Refusal.Invalid(StoredKeyReader.Field, "storedKeyId and apiKey both name the secret. Send one of them.");
        }

        if (SecretPlace.WhyNone(connector, request.Credentials) is { } reason)
        {
            throw Refusal.Unprocessable(StoredKeyReader.Field, reason);
        }

        return PublicId.TryParse(PublicId.StoredKey, key, out var id)
            ? await storedKeys.ReadForUseAsync(caller.Actor, id, connector.Info.Key, cancellationToken)
            : throw StoredKeyReader.NotFound();
    }

    private async Task<IResult> ByConsentAsync(Caller caller, string? provider, ConnectRequest request, CancellationToken cancellationToken)
    {
        if (request.Settings is not null)
        {
            throw Refusal.Invalid("settings", "settings can be changed once the connection is there: PATCH /api/integrations/connections/{id}.");
        }

        var link = await links.CreateAsync(caller.Actor, request.ToConsent(provider), memberOnly: false, creates: true, cancellationToken);
        return await CreatedAsync(caller, link.ConnectionId, link, cancellationToken);
    }

    private async Task<IResult> CreatedAsync(Caller caller, Guid id, ConsentLink? link, CancellationToken cancellationToken)
    {
        var detail = await connections.GetAsync(caller.AfterWriting, id, cancellationToken);
        var publicId = PublicId.Format(PublicId.Connection, id);
        return Results.Created(Path + publicId, new ConnectedAnswer(publicId, await answers.DescribeAsync(caller, detail, cancellationToken), link?.Url, link?.State, link?.ExpiresAt));
    }
}
