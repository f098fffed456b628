using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Extensions;

namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>The consent page and the way back to the app.</summary>
internal sealed class AuthorizeEndpoint(OAuthProvider provider)
{
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private int _asked;

    public void Map(ProviderRoutes routes)
    {
        routes.Get(provider.Rules.AuthorizePath, Show);
        routes.Post(provider.Rules.AuthorizePath, DecideAsync);
    }

    private IResult Show(HttpContext context)
    {
        var parameters = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var check = new AuthorizeCheck(provider, parameters);

        // Until the client and its redirect URI are known, an error must not be sent anywhere.
        if (context.Request.Query.Any(pair => pair.Value.Count > 1))
        {
            return Refuse(context, "a parameter was sent twice");
        }

        if (check.ClientFault() is { } stranger)
        {
            return Refuse(context, stranger);
        }

        if (check.RequestFault() is { } fault)
        {
            provider.Control.Violated(context, fault.Rule);
            return Back(parameters["redirect_uri"], parameters.GetValueOrDefault("state"), [new("error", fault.Error), new("error_description", fault.Rule)]);
        }

        var request = check.Request();
        if (provider.Control.TakeConsentError() is { } error)
        {
            return Back(request.RedirectUri, request.State, error == "access_denied" ? provider.Denial() : [new("error", error)]);
        }

        var id = Mint.Letters(32, provider.Key, "request", Interlocked.Increment(ref _asked));
        _pending[id] = new Pending(request, provider.Control.Account);
        return ConsentPage.Ask(context, provider.Name, request, provider.Control.Account, id);
    }

    private async Task<IResult> DecideAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!_pending.TryRemove(form["request"].ToString(), out var pending))
        {
            return ConsentPage.Refuse(context, provider.Name, "This page was answered before. Start again in the app.");
        }

        var request = pending.Request;
        if (form["answer"] != "allow")
        {
            return Back(request.RedirectUri, request.State, provider.Denial());
        }

        var code = provider.Control.Grants.AddCode(request, pending.Account, provider.Rules.CodeLifetime);
        return Back(request.RedirectUri, request.State, [new("code", code.Value), .. provider.CallbackExtras(code)]);
    }

    private IResult Refuse(HttpContext context, string rule)
    {
        provider.Control.Violated(context, rule);
        return ConsentPage.Refuse(context, provider.Name, rule);
    }

    private RedirectBack Back(string redirectUri, string? state, IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var query = new QueryBuilder(parameters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value ?? "")));
        if (state is not null)
        {
            query.Add("state", state);
        }

        return new RedirectBack(redirectUri + query + provider.CallbackFragment);
    }

    private sealed record Pending(AuthorizeRequest Request, SandboxAccount Account);

    /// <summary>303, so that the browser does not post the form to the app.</summary>
    private sealed record RedirectBack(string Location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = Location;
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
            return Task.CompletedTask;
        }
    }
}
