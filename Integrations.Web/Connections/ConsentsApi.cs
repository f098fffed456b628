using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Api;
using Microsoft.AspNetCore.Authentication;

namespace Integrations.Web.Connections;

/// <summary>OAuth where the hub is the client: links, the way back, and renewing tokens.</summary>
internal static class ConsentsApi
{
    public static void MapConsents(this RouteGroupBuilder group)
    {
        group.MapGet("/oauth/{provider}/authorize", Authorize).Produces<AuthorizeAnswer>().WithSummary("Make a connect link: a page of the hub that leads to the provider's consent");
        group.MapGet("/oauth/{provider}/start", Start).AllowAnonymous().Produces(StatusCodes.Status302Found).WithSummary("Lead a browser to the consent");
        group.MapGet("/{provider}/auth", Start).AllowAnonymous().ExcludeFromDescription();
        group.MapGet("/oauth/{provider}/callback", Callback).AllowAnonymous().Produces<ConsentAnswer>().WithSummary("Where providers send browsers back; with Accept: application/json it answers a program");
        group.MapGet("/{provider}/callback", Callback).AllowAnonymous().ExcludeFromDescription();
        group.MapPost("/oauth/{provider}/refresh", Refresh).Produces<RefreshedAnswer>().WithSummary("Renew the access token of a connection now");
        group.MapPost("/{provider}/refresh-token", Refresh).ExcludeFromDescription();
    }

    private static async Task<IResult> Authorize(string provider, string? redirectUri, string? scopes, string? state, Caller caller, ConnectorCatalog catalog, ConsentLinks links, CancellationToken cancellationToken)
    {
        _ = catalog.Find(provider) ?? throw Refusal.NotFound("The provider");
        caller.Actor.Demand(Permission.ConnectionsWrite);
        if (string.IsNullOrEmpty(redirectUri))
        {
            throw Refusal.Invalid("redirectUri", "redirectUri is required: where the browser goes afterwards.");
        }

        var input = new ConsentInput
        {
            Provider = provider,
            Scopes = scopes?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            ReturnTo = redirectUri,
            State = state,
        };
        var link = await links.CreateAsync(caller.Actor, input, memberOnly: false, creates: false, cancellationToken);
        return Results.Ok(new AuthorizeAnswer(PublicId.Format(PublicId.Connection, link.ConnectionId), link.Url, link.State, link.ExpiresAt));
    }

    // A browser that follows a link has no credential of the API: it signs in and goes on from the provider's page.
    private static async Task<IResult> Start(string provider, string? redirectUri, string? scopes, string? state, HttpContext context, ConnectorCatalog catalog, ConsentLinks links, CancellationToken cancellationToken)
    {
        var connector = catalog.Find(provider) ?? throw Refusal.NotFound("The provider");
        if ((await context.AuthenticateAsync(ApiCredentials.SchemeName)).Failure is not null)
        {
            // Whoever sends a key is a program, and wants to hear what is wrong with it.
            return Results.Challenge(authenticationSchemes: [ApiCredentials.SchemeName]);
        }

        if (Caller.Find(context) is not { } caller)
        {
            var target = $"{ConnectPaths.Provider(connector.Info.Key)}?connect=1";
            return Results.LocalRedirect($"{AccountServices.SignInPath}?returnUrl={Uri.EscapeDataString(target)}");
        }

        var input = new ConsentInput
        {
            Provider = provider,
            Scopes = scopes?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            ReturnTo = string.IsNullOrEmpty(redirectUri) ? null : redirectUri,
            State = state,
        };
        return Results.Redirect((await links.CreateAsync(caller.Actor, input, memberOnly: false, creates: false, cancellationToken)).Url);
    }

    private static async Task<IResult> Callback(string provider, HttpContext context, ConsentCookie cookie, ConsentService consents, ConnectorCatalog catalog, CancellationToken cancellationToken)
    {
        // No parameter comes twice (RFC 6749, 3.1). One that does is a forgery; nothing else of it counts then but the state, which is used up.
        var isForged = context.Request.Query.Any(pair => pair.Value.Count > 1);
        var query = context.Request.Query.Where(pair => pair.Value.Count == 1 && (!isForged || pair.Key == "state")).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var result = await consents.CompleteAsync(provider, query, await cookie.ReadAsync(context), cancellationToken);
        return await ConsentAnswers.AnswerAsync(context, result, catalog.Find(provider)?.Info.Name ?? "The provider");
    }

    private static async Task<IResult> Refresh(
        string provider, OptionalBody<RefreshRequest> body, Caller caller, ConnectorCatalog catalog, ConnectionRequests requests, ConnectionService service, ConnectionQueries connections,
        CancellationToken cancellationToken)
    {
        var key = catalog.Find(provider)?.Info.Key ?? throw Refusal.NotFound("The provider");
        var id = body.Value?.ConnectionId is { } given ? ConnectionsApi.ConnectionId(given) : await requests.FindAsync(caller, key, cancellationToken);
        caller.Actor.Demand(Permission.ConnectionsWrite);
        if ((await connections.GetAsync(caller.AfterWriting, id, cancellationToken)).Connector.Info.Key != key)
        {
            throw Refusal.NotFound("The connection");
        }

        await service.RefreshAsync(caller.Actor, id, cancellationToken);
        var detail = await connections.GetAsync(caller.AfterWriting, id, cancellationToken);
        return Results.Ok(new RefreshedAnswer(new RefreshedResource(PublicId.Format(PublicId.Connection, id), detail.Status, detail.ExpiresAt)));
    }
}
