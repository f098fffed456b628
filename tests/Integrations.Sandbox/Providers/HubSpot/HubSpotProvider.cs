using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.HubSpot;

/// <summary>HubSpot: OAuth and private app tokens; errors in a form of its own, also at the token endpoint.</summary>
internal sealed class HubSpotProvider : OAuthProvider
{
    private const string Correlation = "0f6fe3c1-4a52-4a1e-9d5c-6f1b5f1c7a10";

    public HubSpotProvider(TimeProvider time)
        : base("hubspot", "HubSpot", time)
    {
        Control.Grants.AddKey(SandboxKeys.HubSpotPrivateApp, DefaultAccount);
        Control.Data.Hold(HubSpotContact.Type);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/oauth/authorize",
        TokenPath = "/oauth/v1/token",
        ClientAuth = ClientAuth.Body,
        TakesPkce = true,
        Scopes =
        [
            "oauth", "e-commerce", "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read", "crm.objects.companies.write",
            "crm.objects.deals.read", "crm.objects.deals.write", "crm.schemas.contacts.read", "crm.objects.products.read", "crm.objects.products.write", "crm.lists.read",
            "crm.objects.owners.read", "crm.objects.invoices.read", "crm.objects.line_items.read",
        ],
        AccessLifetime = TimeSpan.FromMinutes(30),
    };

    protected override string? RevocationPath => "/oauth/v3/token/revoke";

    public override bool RepeatsRefreshToken => true;

    // Every HubSpot app has the scope oauth, and a request must name all scopes that the app requires (unverified).
    public override string? CheckAuthorize(AuthorizeRequest request) =>
        request.Scopes.Contains("oauth", StringComparer.Ordinal) ? null : "the scope oauth, which every app requires, is missing";

    public override string MakeAccessToken(Grant grant, string seed) => "C" + Mint.Letters(180, seed);

    public override string MakeRefreshToken(string seed) => "na1-" + Mint.Guid(seed, "refresh");

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh) => Answer.Json(new
    {
        token_type = "bearer",
        refresh_token = refresh?.Value,
        access_token = access.Value,
        hub_id = long.Parse(HubId(access.Grant.Account), System.Globalization.CultureInfo.InvariantCulture),
        user_id = 5_432_109,
        scopes = access.Grant.Scopes,
        expires_in = 1800,
    });

    // Note: these statuses are what clients report of the v1 endpoint (3p); RFC 6749's error does not occur in them.
    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.TemporarilyUnavailable => base.TokenError(context, fault, description),
        TokenFault.InvalidClient => Status("BAD_CLIENT_SECRET", "missing or invalid client secret"),
        TokenFault.WrongClientAuth => Status("BAD_CLIENT_ID", "missing or invalid client id"),
        TokenFault.RedirectMismatch => Status("BAD_REDIRECT_URI", "missing or invalid redirect uri"),
        TokenFault.BadRefreshToken => Status("BAD_REFRESH_TOKEN", "missing or invalid refresh token"),
        TokenFault.UnsupportedGrantType => Status("BAD_GRANT_TYPE", "missing or unknown grant type"),
        TokenFault.InvalidRequest => Status("BAD_REQUEST", description),
        _ => Status("BAD_AUTH_CODE", "missing or unknown auth code"),
    };

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return Answer.Json(
            new { status = "error", message = "You have reached your ten_secondly_rolling limit.", errorType = "RATE_LIMIT", correlationId = Correlation, policyName = "TEN_SECONDLY_ROLLING" },
            StatusCodes.Status429TooManyRequests);
    }

    public override IResult NotFound(HttpContext context) => Error(StatusCodes.Status404NotFound, "OBJECT_NOT_FOUND", "Unable to find a resource at this path.");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.MissingScope => Error(StatusCodes.Status403Forbidden, "MISSING_SCOPES", $"This app hasn't been granted all required scopes to make this call. Required: {detail}."),
        AccessRefusal.Expired => Error(StatusCodes.Status401Unauthorized, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired 1 minute(s) ago."),
        _ => Error(StatusCodes.Status401Unauthorized, "INVALID_AUTHENTICATION", "Authentication credentials not found. This API supports OAuth 2.0 authentication."),
    };

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Post("/oauth/v3/token/revoke", RevokeAsync);
        routes.Delete("/oauth/v1/refresh-tokens/{token}", context => Task.FromResult(Delete(context)));
        routes.Get("/oauth/v1/access-tokens/{token}", Info);
        new HubSpotData(Control, Time).Map(routes.Data, (scope, handler) => With((context, token) =>
        {
            RateHeaders(context);
            return handler(context, Control.Data.Of(token.Grant.Account.Number));
        }, scope));
        routes.Get("/account-info/v3/details", With(Details));
        routes.Get("/account-info/v3/api-usage/daily/private-apps", With((_, token) => token.Grant.IsKey
            ? Answer.Json(new[] { new { name = "private-apps-api-calls-daily", usageLimit = 250_000, currentUsage = 312, collectedAt = "2026-01-05T09:00:00Z", fetchStatus = "SUCCESS", resetsAt = "2026-01-06T05:00:00Z" } })
            : Error(StatusCodes.Status403Forbidden, "MISSING_SCOPES", "Only private apps may ask for this.")));
    }

    private IResult Info(HttpContext context)
    {
        var value = context.Request.RouteValues["token"]?.ToString() ?? "";
        if (Control.Grants.FindAccess(value) is not { Grant.IsKey: false } token || Control.Grants.Judge(token) != TokenVerdict.Good)
        {
            return Error(StatusCodes.Status404NotFound, "OBJECT_NOT_FOUND", "access token not found");
        }

        var account = token.Grant.Account;
        return Answer.Json(new
        {
            token = value,
            user = account.Email,
            hub_domain = account.Email.Split('@')[1],
            scopes = token.Grant.Scopes,
            hub_id = HubId(account),
            app_id = 1_234_567,
            expires_in = (int)((token.ExpiresAt - Time.GetUtcNow())?.TotalSeconds ?? 0),
            user_id = 5_432_109,
            token_type = "access",
        });
    }

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        var read = await TokenForm.ReadAsync(context.Request, queryIsRead: false);
        if (new ClientCheck(this).Check(context.Request, read.Form) is { } refused)
        {
            var answer = TokenError(context, refused.Fault, refused.Rule);
            return refused.IsViolation ? Violation(context, refused.Rule, answer) : answer;
        }

        if (read.Form.GetValueOrDefault("token") is not { } token)
        {
            return Violation(context, "revoke wants a form with a token", Status("BAD_REQUEST", "token is missing"));
        }

        Control.Grants.TryRevoke(token);
        return Answer.Text("");
    }

    private IResult Delete(HttpContext context) => Control.Grants.TryRevoke(context.Request.RouteValues["token"]?.ToString() ?? "")
        ? Answer.Status(StatusCodes.Status204NoContent)
        : Error(StatusCodes.Status404NotFound, "OBJECT_NOT_FOUND", "refresh token not found");

    private static IResult Details(HttpContext context, AccessToken token)
    {
        RateHeaders(context);
        return Answer.Json(new
        {
            portalId = long.Parse(HubId(token.Grant.Account), System.Globalization.CultureInfo.InvariantCulture),
            accountType = "STANDARD",
            timeZone = "US/Eastern",
            companyCurrency = "USD",
            additionalCurrencies = Array.Empty<string>(),
            utcOffset = "-05:00",
            utcOffsetMilliseconds = -18_000_000,
            uiDomain = "app.hubspot.com",
            dataHostingLocation = "na1",
        });
    }

    private static void RateHeaders(HttpContext context)
    {
        // A search has none of them.
        if (!context.Request.Path.Value!.EndsWith("/search", StringComparison.Ordinal))
        {
            context.Response.Headers["X-HubSpot-RateLimit-Max"] = "110";
            context.Response.Headers["X-HubSpot-RateLimit-Remaining"] = "109";
            context.Response.Headers["X-HubSpot-RateLimit-Interval-Milliseconds"] = "10000";
        }
    }

    private static string HubId(SandboxAccount account) => account.Digits("portal", 8);

    private static IResult Status(string status, string message) => Answer.Json(new { status, message, correlationId = Correlation }, StatusCodes.Status400BadRequest);

    public static IResult Error(int status, string category, string message) => Answer.Json(new { status = "error", message, correlationId = Correlation, category }, status);
}
