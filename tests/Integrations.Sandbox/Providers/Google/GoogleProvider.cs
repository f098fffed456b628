using System.Collections.Concurrent;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>The OAuth server that Gmail and Drive share, and the form of Google's errors.</summary>
internal abstract class GoogleProvider(string key, string name, TimeProvider time) : OAuthProvider(key, name, time)
{
    private readonly ConcurrentDictionary<int, bool> _consentedBefore = new();

    public override OAuthRules Rules => new()
    {
        AuthorizePath = "/o/oauth2/v2/auth",
        TokenPath = "/token",
        ClientAuth = ClientAuth.Body,
        TakesPkce = true,
        Scopes = [.. ApiScopes, "openid", "email", "profile", GoogleScopes.Email, GoogleScopes.Profile],
        AccessLifetime = TimeSpan.FromHours(1),
    };

    protected abstract IReadOnlyCollection<string> ApiScopes { get; }

    protected override string? RevocationPath => "/revoke";

    // A refresh token comes with offline access, and only with the first consent or one that was asked for again.
    public override bool GivesRefreshToken(AuthorizationCode code)
    {
        var isFirst = _consentedBefore.TryAdd(code.Account.Number, true);
        return code.Request.Parameter("access_type") == "offline" && (isFirst || (code.Request.Parameter("prompt") ?? "").Split(' ').Contains("consent", StringComparer.Ordinal));
    }

    public override string? CheckAuthorize(AuthorizeRequest request) => request.Parameter("access_type") is not (null or "online" or "offline")
        ? "access_type is online or offline"
        : (request.Parameter("prompt") ?? "none").Split(' ').Except(["none", "consent", "select_account"], StringComparer.Ordinal).Any()
            ? "prompt is none, consent or select_account"
            : null;

    public override IEnumerable<KeyValuePair<string, string?>> CallbackExtras(AuthorizationCode code) =>
        [new("scope", string.Join(' ', code.Request.Scopes)), new("authuser", "0"), new("prompt", "consent")];

    public override string MakeAccessToken(Grant grant, string seed) => "ya29." + Mint.Letters(200, seed);

    public override string MakeRefreshToken(string seed) => "1//0" + Mint.Letters(100, seed, "refresh");

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["access_token"] = access.Value,
            ["expires_in"] = 3599,
            ["scope"] = string.Join(' ', access.Grant.Scopes),
            ["token_type"] = "Bearer",
        };
        if (refresh is not null)
        {
            body["refresh_token"] = refresh.Value;
        }

        return Answer.Json(body);
    }

    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.RedirectMismatch => Answer.Json(new { error = "redirect_uri_mismatch", error_description = "Bad Request" }, StatusCodes.Status400BadRequest),
        TokenFault.BadRefreshToken => Answer.Json(new { error = "invalid_grant", error_description = "Token has been expired or revoked." }, StatusCodes.Status400BadRequest),
        _ => base.TokenError(context, fault, description),
    };

    public override IResult NotFound(HttpContext context) => Answer.Text("Not Found", StatusCodes.Status404NotFound);

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail)
    {
        if (refusal == AccessRefusal.MissingScope)
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", scope=\"{detail}\"";
            return Error(StatusCodes.Status403Forbidden, "insufficientPermissions", "Request had insufficient authentication scopes.", "PERMISSION_DENIED");
        }

        return Error(
            StatusCodes.Status401Unauthorized,
            refusal == AccessRefusal.Missing ? "required" : "authError",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
            "UNAUTHENTICATED");
    }

    protected override void MapApi(ProviderRoutes routes) => routes.Post("/revoke", RevokeAsync);

    protected static IResult Error(int status, string reason, string message, string state) =>
        Answer.Json(new { error = new { code = status, message, errors = new[] { new { message, domain = "global", reason } }, status = state } }, status);

    protected static IResult BadRequest(string message, string reason = "badRequest") => Error(StatusCodes.Status400BadRequest, reason, message, "INVALID_ARGUMENT");

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        // The token may stand in the query too, as Google's own sample has it (3p).
        var token = context.Request.Query["token"].ToString() is { Length: > 0 } asked ? asked : await FormTokenAsync(context);
        return token is null
            ? Violation(context, "revoke wants a form with a token", Answer.Json(new { error = "invalid_request" }, StatusCodes.Status400BadRequest))
            : Control.Grants.TryRevoke(token)
                ? Answer.Json(new { })
                : Answer.Json(new { error = "invalid_token", error_description = "Token expired or revoked" }, StatusCodes.Status400BadRequest);
    }

    private static async Task<string?> FormTokenAsync(HttpContext context)
    {
        var read = await TokenForm.ReadAsync(context.Request, queryIsRead: false);
        return read.Form.GetValueOrDefault("token");
    }
}
