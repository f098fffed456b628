using System.Collections.Concurrent;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Zoho;

/// <summary>Zoho CRM: the callback names the region whose server trades the code, and the header has a scheme of its own.</summary>
internal sealed class ZohoProvider : OAuthProvider
{
    private readonly ConcurrentDictionary<int, bool> _consentedBefore = new();

    public ZohoProvider(TimeProvider time)
        : base("zoho", "Zoho CRM", time)
    {
        Control.Grants.AddKey(SandboxKeys.ZohoToken, DefaultAccount);
        Control.Data.Hold(ZohoContact.Type);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/accounts/oauth/v2/auth",
        TokenPath = "/accounts/oauth/v2/token",
        ClientAuth = ClientAuth.BasicOrBody,
        TakesPkce = true,
        // Note: a comma in Zoho's own pages, a space in Nango's requests (unverified which it must be): either, but one of them.
        ScopeSeparators = ", ",
        Scopes = ZohoScopes.All,
        AccessLifetime = TimeSpan.FromHours(1),
    };

    public override IEnumerable<string> MoreTokenPaths => ["/accounts-eu/oauth/v2/token"];

    protected override string? RevocationPath => "/accounts/oauth/v2/token/revoke";

    public override bool GivesRefreshToken(AuthorizationCode code)
    {
        var isFirst = _consentedBefore.TryAdd(code.Account.Number, true);
        return code.Request.Parameter("access_type") == "offline" && (isFirst || code.Request.Parameter("prompt") == "consent");
    }

    public override string? CheckAuthorize(AuthorizeRequest request) =>
        request.Parameter("access_type") is not (null or "online" or "offline") ? "access_type is online or offline" : null;

    public override IEnumerable<KeyValuePair<string, string?>> CallbackExtras(AuthorizationCode code) =>
        [new("location", Location(code.Account)), new("accounts-server", AccountsServer(code.Account))];

    public override string? CheckPlace(HttpContext context, SandboxAccount account) =>
        context.Request.Path.Value!.Contains(Location(account) == "eu" ? "/accounts-eu/" : "/accounts/", StringComparison.Ordinal) ? null
            : $"the account's region is {Location(account)}: its codes and refresh tokens belong to its accounts-server";

    public override string MakeAccessToken(Grant grant, string seed) => $"1000.{Mint.Hex(32, seed, 1)}.{Mint.Hex(32, seed, 2)}";

    public override string MakeRefreshToken(string seed) => $"1000.{Mint.Hex(32, seed, "refresh", 1)}.{Mint.Hex(32, seed, "refresh", 2)}";

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["access_token"] = access.Value,
            ["scope"] = string.Join(' ', access.Grant.Scopes),
            ["api_domain"] = ApiDomain(access.Grant.Account),
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
        };
        if (refresh is not null)
        {
            body["refresh_token"] = refresh.Value;
        }

        return Answer.Json(body);
    }

    // Note: the status is 200, whatever the error (3p).
    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.TemporarilyUnavailable => base.TokenError(context, fault, description),
        TokenFault.InvalidClient => Answer.Json(new { error = "invalid_client_secret" }),
        TokenFault.WrongClientAuth => Answer.Json(new { error = "invalid_client" }),
        TokenFault.RedirectMismatch => Answer.Json(new { error = "invalid_redirect_uri" }),
        TokenFault.UnsupportedGrantType or TokenFault.InvalidRequest or TokenFault.InvalidScope => Answer.Json(new { error = Code(fault) }),
        _ => Answer.Json(new { error = "invalid_code" }),
    };

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return Error(StatusCodes.Status429TooManyRequests, "TOO_MANY_REQUESTS", "The request limit has been exceeded");
    }

    public override IResult NotFound(HttpContext context) => Error(StatusCodes.Status404NotFound, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one");

    // The documented scheme; a Bearer token is not one of it.
    protected override string? ReadToken(HttpContext context) => context.Request.Authorization("Zoho-oauthtoken");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.Missing => Error(StatusCodes.Status401Unauthorized, "AUTHENTICATION_FAILURE", "Authentication failed"),
        AccessRefusal.MissingScope => Error(StatusCodes.Status401Unauthorized, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"),
        _ => Error(StatusCodes.Status401Unauthorized, "INVALID_TOKEN", "invalid oauth token"),
    };

    protected override void MapApi(ProviderRoutes routes)
    {
        foreach (var accounts in (string[])["/accounts", "/accounts-eu"])
        {
            routes.Post(accounts + "/oauth/v2/token/revoke", RevokeAsync);
        }

        var data = new ZohoData(Control, Time);
        foreach (var domain in (string[])["", "/eu"])
        {
            routes.Get(domain + "/crm/v8/org", With((context, token) => InRegionAsync(context, token, account => Task.FromResult(Organization(account))), "ZohoCRM.org.READ", "ZohoCRM.org.ALL"));
            data.Map(routes.Data, domain + "/crm/v8/Contacts", (operations, handler) => With(
                (context, token) => InRegionAsync(context, token, account => handler(context, Control.Data.Of(account.Number))),
                [.. operations.SelectMany(operation => (string[])[$"ZohoCRM.modules.{operation}", $"ZohoCRM.modules.contacts.{operation}"])]));
        }
    }

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        // The documented form names the token in the query.
        var token = context.Request.Query["token"].ToString();
        if (token.Length == 0)
        {
            token = (await TokenForm.ReadAsync(context.Request, queryIsRead: false)).Form.GetValueOrDefault("token", "");
        }

        if (token.Length == 0)
        {
            return Violation(context, "revoke wants token", Answer.Json(new { error = "invalid_request" }, StatusCodes.Status400BadRequest));
        }

        if (Control.Grants.FindRefresh(token) is { } refresh && CheckPlace(context, refresh.Grant.Account) is { } misplaced)
        {
            return Violation(context, misplaced, Answer.Json(new { error = "invalid_token" }, StatusCodes.Status400BadRequest));
        }

        return Control.Grants.TryRevoke(token) ? Answer.Json(new { status = "success" }) : Answer.Json(new { error = "invalid_token" }, StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> InRegionAsync(HttpContext context, AccessToken token, Func<SandboxAccount, Task<IResult>> answer)
    {
        var isEu = context.Request.Path.Value!.Contains("/eu/crm/", StringComparison.Ordinal);
        return isEu == (Location(token.Grant.Account) == "eu")
            ? await answer(token.Grant.Account)
            : Violation(context, "the token belongs to another api_domain", Refuse(context, AccessRefusal.Unknown, ""));
    }

    private static IResult Organization(SandboxAccount account) => Answer.Json(new
    {
        org = new[] { new { id = account.Digits("org", 19), company_name = account.Company, zgid = account.Digits("zgid", 9), primary_email = account.Email, iso_code = "USD", country_code = "US", time_zone = "Etc/UTC" } },
    });

    // Every second account lives in Europe, so that a switch of the account is one of the region too.
    private static string Location(SandboxAccount account) => account.Number % 2 == 0 ? "eu" : "us";

    private string AccountsServer(SandboxAccount account) => BaseUrl + (Location(account) == "eu" ? "/accounts-eu" : "/accounts");

    private string ApiDomain(SandboxAccount account) => BaseUrl + (Location(account) == "eu" ? "/eu" : "");

    private static IResult Error(int status, string code, string message) => Answer.Json(new { code, details = new { }, message, status = "error" }, status);
}
