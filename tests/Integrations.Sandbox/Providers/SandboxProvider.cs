using Integrations.Sandbox.Providers.Data;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers;

/// <summary>Why a call with a key or an access token is refused.</summary>
internal enum AccessRefusal
{
    /// <summary>None was sent, or not in the way that this provider reads.</summary>
    Missing,
    Unknown,
    Expired,
    Revoked,
    MissingScope,
}

/// <summary>Answers a call that reads or writes rows.</summary>
internal delegate Task<IResult> DataHandler(HttpContext context, AccountData data);

/// <summary>One provider: where it is, what it answers. All of it lies under <c>/providers/{key}</c>.</summary>
internal abstract class SandboxProvider(string key, string name, TimeProvider time)
{
    public ProviderControl Control { get; } = new(key, name, time);

    public string Key => Control.Key;

    public string Name => Control.Name;

    /// <summary>Without a slash at the end. Known once the sandbox listens.</summary>
    public string BaseUrl { get; set; } = "";

    protected TimeProvider Time => time;

    protected SandboxAccount DefaultAccount => new(Key, 1);

    /// <summary>The hub's settings below <c>Providers:{key}</c>.</summary>
    public virtual IEnumerable<(string Name, string Value)> Settings() => [("ApiBaseUrl", BaseUrl)];

    public abstract void Map(ProviderRoutes routes);

    /// <summary>How the provider says that there were too many calls.</summary>
    public virtual IResult RateLimited(HttpContext context, string? retryAfter)
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return Answer.Json(new { error = "rate_limited" }, StatusCodes.Status429TooManyRequests);
    }

    /// <summary>For a path that the provider does not have.</summary>
    public virtual IResult NotFound(HttpContext context) => Answer.Json(new { error = "not_found" }, StatusCodes.Status404NotFound);

    /// <summary>The key or token as it was sent; null when there is none.</summary>
    protected virtual string? ReadToken(HttpContext context) => context.Request.Authorization("Bearer");

    /// <param name="detail">The scope that is missing, or the token that was sent.</param>
    protected abstract IResult Refuse(HttpContext context, AccessRefusal refusal, string detail);

    /// <summary>A handler that is reached with a good token that has any of the scopes; keys have every scope unless they were made with some.</summary>
    protected Func<HttpContext, Task<IResult>> With(Func<HttpContext, AccessToken, Task<IResult>> handler, params string[] anyScope) => async context =>
    {
        if (ReadToken(context) is not { Length: > 0 } value)
        {
            return Violation(context, "the call carries no token in the way that this provider reads", Refuse(context, AccessRefusal.Missing, ""));
        }

        if (Control.Grants.FindAccess(value) is not { } token)
        {
            return Refuse(context, AccessRefusal.Unknown, value);
        }

        var verdict = Control.Grants.Judge(token);
        if (verdict != TokenVerdict.Good)
        {
            return Refuse(context, verdict == TokenVerdict.Expired ? AccessRefusal.Expired : AccessRefusal.Revoked, value);
        }

        if (anyScope.Length > 0 && !(token.Grant is { IsKey: true, Scopes.Count: 0 }) && !anyScope.Intersect(token.Grant.Scopes, StringComparer.Ordinal).Any())
        {
            return Violation(context, $"the token has none of the scopes {string.Join(", ", anyScope)}", Refuse(context, AccessRefusal.MissingScope, anyScope[0]));
        }

        return await handler(context, token);
    };

    protected Func<HttpContext, Task<IResult>> With(Func<HttpContext, AccessToken, IResult> handler, params string[] anyScope) =>
        With((context, token) => Task.FromResult(handler(context, token)), anyScope);

    protected IResult Violation(HttpContext context, string rule, IResult answer)
    {
        Control.Violated(context, rule);
        return answer;
    }
}
