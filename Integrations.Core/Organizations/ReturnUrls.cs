namespace Integrations.Core.Organizations;

/// <summary>Where connect links may lead people afterwards: URLs without query, each standing for itself with any query, or with a slash at the end for all below it.</summary>
public static class ReturnUrls
{
    public const int Max = 20;
    public const int MaxLength = 512;

    /// <summary>Why a URL cannot stand on the list, or null.</summary>
    public static string? WhyNot(string url) =>
        url.Length > MaxLength ? $"A return URL may have at most {MaxLength} characters."
        : !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") ? $"{url} is not an absolute URL."
        : uri.Scheme == "http" && !uri.IsLoopback ? $"{url} must be https; plain http is taken for this machine only."
        : uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 ? $"{url} must have neither user, query nor fragment."
        : null;

    internal static bool Covers(string allowed, Uri target)
    {
        var listed = new Uri(allowed);
        return listed.GetLeftPart(UriPartial.Authority) == target.GetLeftPart(UriPartial.Authority) && target.UserInfo.Length == 0
            && (listed.AbsolutePath == target.AbsolutePath || (listed.AbsolutePath.EndsWith('/') && target.AbsolutePath.StartsWith(listed.AbsolutePath, StringComparison.Ordinal)));
    }
}
