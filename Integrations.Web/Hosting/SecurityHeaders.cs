namespace Integrations.Web.Hosting;

/// <summary>Sends the one content security policy and its companions with every answer.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // Radzen sets inline styles; no script is inline. Sockets of the circuit are of the same origin.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        // Last of all: what turns an exception into an answer clears the headers that were set before.
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            Add(context.Response.Headers);
            KeepOnThisHost(context);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    // The framework builds redirects from the Host header, which anybody can write; without a host they lead to where the browser is.
    private static void KeepOnThisHost(HttpContext context)
    {
        var own = $"{context.Request.Scheme}://{context.Request.Host}";
        if (context.Response.Headers.Location.ToString() is { Length: > 0 } location && location.StartsWith(own + "/", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.Location = location[own.Length..];
        }
    }

    private static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
