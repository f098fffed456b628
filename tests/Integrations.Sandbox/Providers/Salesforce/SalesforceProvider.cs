using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Salesforce;

/// <summary>Salesforce: the token tells where the organization's API is, and nothing of when it ends.</summary>
internal sealed class SalesforceProvider : OAuthProvider
{
    public SalesforceProvider(TimeProvider time)
        : base("salesforce", "Salesforce", time)
    {
        Control.Grants.AddKey(SandboxKeys.SalesforceToken, DefaultAccount);
        Control.Data.Hold(SalesforceTypes.All);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/services/oauth2/authorize",
        TokenPath = "/services/oauth2/token",
        ClientAuth = ClientAuth.BasicOrBody,
        TakesPkce = true,
        Scopes = ["api", "refresh_token", "offline_access", "openid", "id", "profile", "email", "web", "full"],
        // The session's length is the organization's choice; two hours is what a new one has.
        AccessLifetime = TimeSpan.FromHours(2),
    };

    // The app's owner may switch rotation on; a used refresh token is then dead.
    public override Rotation Rotation => Control.RotatesTokens ? Rotation.SingleUse : Rotation.None;

    protected override string? RevocationPath => "/services/oauth2/revoke";

    public override bool GivesRefreshToken(AuthorizationCode code) => code.Request.Scopes.Any(scope => scope is "refresh_token" or "offline_access");

    public override IEnumerable<KeyValuePair<string, string?>> Denial() => [new("error", "access_denied"), new("error_description", "end-user denied authorization")];

    public override string MakeAccessToken(Grant grant, string seed) => $"00D{grant.Account.Letters("organization", 12)}!{Mint.Letters(96, seed)}";

    public override string MakeRefreshToken(string seed) => "5Aep861" + Mint.Letters(80, seed, "refresh");

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh)
    {
        var issued = Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var id = IdentityUrl(access.Grant.Account);
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["access_token"] = access.Value,
            ["signature"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), Encoding.UTF8.GetBytes(id + issued))),
            ["scope"] = string.Join(' ', access.Grant.Scopes),
            ["instance_url"] = BaseUrl,
            ["id"] = id,
            ["token_type"] = "Bearer",
            ["issued_at"] = issued,
        };
        if (refresh is not null)
        {
            body["refresh_token"] = refresh.Value;
        }

        return Answer.Json(body);
    }

    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.InvalidClient or TokenFault.WrongClientAuth => Invalid("invalid_client", "invalid client credentials"),
        TokenFault.RedirectMismatch => Invalid("redirect_uri_mismatch", "redirect_uri must match configuration"),
        TokenFault.BadVerifier => Invalid("invalid_grant", "invalid code verifier"),
        TokenFault.BadRefreshToken => Invalid("invalid_grant", "expired access/refresh token"),
        TokenFault.InvalidGrant or TokenFault.UsedCode => Invalid("invalid_grant", "expired authorization code"),
        _ => base.TokenError(context, fault, description),
    };

    // Note: 403 and no Retry-After; what is used up is the day's allowance.
    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        context.Response.Headers["Sforce-Limit-Info"] = "api-usage=15000/15000";
        return Errors(StatusCodes.Status403Forbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
    }

    public override IResult NotFound(HttpContext context) => Errors(StatusCodes.Status404NotFound, "NOT_FOUND", "The requested resource does not exist");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail)
    {
        // The identity server has another way to say it than the API.
        if (context.Request.Path.Value!.EndsWith("/userinfo", StringComparison.Ordinal))
        {
            return Answer.Text(refusal == AccessRefusal.Missing ? "Missing_OAuth_Token" : "Bad_OAuth_Token", StatusCodes.Status403Forbidden);
        }

        return refusal == AccessRefusal.MissingScope
            ? Errors(StatusCodes.Status403Forbidden, "API_DISABLED_FOR_ORG", "This session is not valid for use with the REST API")
            : Errors(StatusCodes.Status401Unauthorized, "INVALID_SESSION_ID", "Session expired or invalid");
    }

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Post("/services/oauth2/revoke", RevokeAsync);
        routes.Post("/services/oauth2/introspect", IntrospectAsync);
        routes.Get("/services/oauth2/userinfo", With(UserInfo));
        routes.Get("/id/{organization}/{user}", With(UserInfo));
        routes.Get("/services/data", _ => Answer.Json(new[] { new { label = "Spring '26", url = "/services/data/v66.0", version = "66.0" } }));
        routes.Get("/services/data/{version:regex(^v\\d\\d\\.0$)}/limits", With(Limits, "api", "full"));
        new SalesforceData(Control).Map(routes.Data, handler => With((context, token) =>
        {
            context.Response.Headers["Sforce-Limit-Info"] = "api-usage=18/15000";
            return handler(context, Control.Data.Of(token.Grant.Account.Number));
        }, "api", "full"));
    }

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        var read = await TokenForm.ReadAsync(context.Request, queryIsRead: false);
        return read.Form.GetValueOrDefault("token") is not { } token ? Violation(context, "revoke wants a form with a token", Invalid("invalid_request", "token is missing"))
            : Control.Grants.TryRevoke(token) ? Answer.Text("")
            : Invalid("unsupported_token_type", "this token type is not supported");
    }

    private async Task<IResult> IntrospectAsync(HttpContext context)
    {
        var read = await TokenForm.ReadAsync(context.Request, queryIsRead: false);
        if (new ClientCheck(this).Check(context.Request, read.Form) is { } refused)
        {
            return TokenError(context, refused.Fault, refused.Rule);
        }

        return Control.Grants.FindAccess(read.Form.GetValueOrDefault("token", "")) is { } token && Control.Grants.Judge(token) == TokenVerdict.Good
            ? Answer.Json(new { active = true, scope = string.Join(' ', token.Grant.Scopes), client_id = ClientId, username = token.Grant.Account.Email, token_type = "access_token", exp = token.ExpiresAt?.ToUnixTimeSeconds() })
            : Answer.Json(new { active = false });
    }

    private IResult UserInfo(HttpContext context, AccessToken token)
    {
        var account = token.Grant.Account;
        return Answer.Json(new
        {
            sub = IdentityUrl(account),
            user_id = UserId(account),
            organization_id = OrganizationId(account),
            preferred_username = account.Email,
            nickname = account.Person,
            name = account.Person,
            email = account.Email,
            email_verified = true,
            active = true,
            user_type = "STANDARD",
            urls = new { rest = BaseUrl + "/services/data/v{version}/" },
        });
    }

    private static IResult Limits(HttpContext context, AccessToken token)
    {
        context.Response.Headers["Sforce-Limit-Info"] = "api-usage=18/15000";
        return Answer.Json(new { DailyApiRequests = new { Max = 15_000, Remaining = 14_982 } });
    }

    private string IdentityUrl(SandboxAccount account) => $"{BaseUrl}/id/{OrganizationId(account)}/{UserId(account)}";

    private static string OrganizationId(SandboxAccount account) => "00D" + account.Letters("organization", 15);

    private static string UserId(SandboxAccount account) => "005" + account.Letters("user", 15);

    private static IResult Invalid(string error, string description) => Answer.Json(new { error, error_description = description }, StatusCodes.Status400BadRequest);

    private static IResult Errors(int status, string code, string message) => Answer.Json(new[] { new { message, errorCode = code } }, status);
}
