namespace Integrations.Web.Account;

/// <summary>Where to go after signing in: only to a page of this hub.</summary>
internal static class LocalUrl
{
    /// <returns>The address when it is a path of this origin, otherwise the overview.</returns>
    public static string Of(string? url) =>
        url is ['/', ..] && !(url.Length > 1 && url[1] is '/' or '\\') && !url.Any(char.IsControl) ? url : "/";
}
