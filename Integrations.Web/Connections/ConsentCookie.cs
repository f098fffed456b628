using System.Security.Claims;
using Integrations.Core.Connections;
using Integrations.Core.Security;
using Integrations.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Integrations.Web.Connections;

/// <summary>
/// The browser's nonce, by which a provider's answer is known to come back to the browser that left. One for all consents of a browser, so that tabs do not
/// take each other's.
/// </summary>
internal sealed class ConsentCookie(PublicUrl url)
{
    private const string Name = "integrations.consent";
    private static readonly TimeSpan _life = TimeSpan.FromHours(1);

    // The prefix binds it to this host and to https (RFC 6265bis, 4.1.3.2).
    private string CookieName => url.IsHttps ? "__Host-" + Name : Name;

    /// <summary>The browser as it is, for what only reads.</summary>
    public async Task<ConsentBrowser> ReadAsync(HttpContext context) => new(context.Request.Cookies[CookieName], await MemberAsync(context));

    /// <summary>The browser with a nonce, a new one if it has none.</summary>
    public async Task<ConsentBrowser> TakeAsync(HttpContext context)
    {
        var nonce = context.Request.Cookies[CookieName] is { Length: 43 } present ? present : RandomToken.UrlSafe();
        context.Response.Cookies.Append(CookieName, nonce, new CookieOptions
        {
            HttpOnly = true,
            Secure = url.IsHttps,
            // The provider's redirect is a top-level navigation, to which Lax cookies go along.
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = _life,
            IsEssential = true,
        });
        return new ConsentBrowser(nonce, await MemberAsync(context));
    }

    // Asked of the session's cookie itself: under /api no cookie counts otherwise.
    private static async Task<Guid?> MemberAsync(HttpContext context)
    {
        var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return Guid.TryParse(session.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
    }
}
