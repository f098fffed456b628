using System.Security.Claims;
using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Web.Account;
using Integrations.Web.Hosting;

namespace Integrations.Web.Connections;

/// <summary>The forms that lead to a provider, and the tile of each provider as a picture.</summary>
internal static class ConnectEndpoints
{
    public static void MapConnect(this WebApplication app)
    {
        app.MapPost("/connect/start", Start).ExcludeFromDescription();
        app.MapGet("/providers/{key}.svg", Tile).AllowAnonymous().ExcludeFromDescription();
    }

    // A member's own link: used by the browser at once, so its page asks nothing more.
    private static async Task<IResult> Start(
        IFormCollection form, ClaimsPrincipal user, HttpContext context, OrganizationQueries organizations, ConsentLinks links, PublicUrl url, CancellationToken cancellationToken)
    {
        var provider = form["provider"].ToString();
        if (!Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var userId))
        {
            return Results.LocalRedirect(AccountServices.SignInPath);
        }

        if (url.IsOtherLoopback(context.Request))
        {
            return Results.LocalRedirect(ConnectPaths.Problem(ConnectPaths.OtherAddress, provider));
        }

        try
        {
            var membership = (await organizations.ListMembershipsAsync(userId, cancellationToken)) is [var first, ..] ? first : throw Refusal.Forbidden("You are not a member of an organization.");
            var actor = membership.ToActor() with { IpAddress = context.Connection.RemoteIpAddress?.ToString(), RequestId = context.TraceIdentifier };
            // An empty form list and no list look alike; the form says whether it let choose.
            IReadOnlyList<string> permissions = [.. form["permissions"].OfType<string>()];
            var input = new ConsentInput { Provider = provider, Permissions = permissions.Count > 0 || form["chosen"] == "true" ? permissions : null };
            var link = await links.CreateAsync(actor, input, memberOnly: true, creates: false, cancellationToken);
            return Results.LocalRedirect($"/connect/{link.Token}", preserveMethod: false);
        }
        catch (Refusal refusal)
        {
            return Results.LocalRedirect(ConnectPaths.Problem(refusal.Kind switch
            {
                RefusalKind.TooMany => ConnectPaths.TooMany,
                RefusalKind.Forbidden => ConnectPaths.Forbidden,
                RefusalKind.Unprocessable => ConnectPaths.NoClient,
                _ => ConnectPaths.Malformed,
            }, provider));
        }
    }

    private static IResult Tile(string key, ConnectorCatalog catalog, HttpContext context)
    {
        if (catalog.Find(key) is not { } connector)
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(ProviderTileSvg.Draw(connector.Info.Tile, connector.Info.Name), "image/svg+xml");
    }
}

/// <summary>Addresses of the pages around a consent.</summary>
internal static class ConnectPaths
{
    public const string TooMany = "too-many";
    public const string Forbidden = "forbidden";
    public const string NoClient = "no-client";
    public const string Malformed = "malformed";
    public const string OtherAddress = "other-address";
    public const string Failed = "/connect/failed";

    public static string Problem(string problem, string provider) => $"/connect/problem?why={problem}&provider={Uri.EscapeDataString(provider)}";

    public static string Result(Guid consent) => $"/connect/result/{PublicId.Format(PublicId.Consent, consent)}";

    public static string Provider(string provider) => $"/integrations/{provider}";
}
