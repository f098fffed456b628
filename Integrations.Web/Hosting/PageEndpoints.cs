namespace Integrations.Web.Hosting;

/// <summary>The pages, and the static files that they load.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets();
        // One content security policy comes with every answer; Blazor must not send a second.
        // A page that says nothing about access is for members only.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null).RequireAuthorization();
    }
}
