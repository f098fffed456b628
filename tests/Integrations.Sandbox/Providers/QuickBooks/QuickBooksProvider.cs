using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.QuickBooks;

/// <summary>QuickBooks Online: the callback names the company (realmId), the client proves itself by Basic, refresh tokens rotate.</summary>
internal sealed class QuickBooksProvider : OAuthProvider
{
    private const string Company = "/v3/company/{realm}";

    private readonly QuickBooksData _data;

    public QuickBooksProvider(TimeProvider time)
        : base("quickbooks", "QuickBooks", time)
    {
        Control.Data.Hold(QuickBooksTypes.All);
        _data = new QuickBooksData(Control, time);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/connect/oauth2",
        TokenPath = "/oauth2/v1/tokens/bearer",
        ClientAuth = ClientAuth.Basic,
        Scopes = ["com.intuit.quickbooks.accounting", "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address"],
        // Note: the real one keeps a refresh token for about a day before it gives another; a client that always stores the newest works with both.
        Rotation = Rotation.SingleUse,
        AccessLifetime = TimeSpan.FromHours(1),
    };

    protected override string? RevocationPath => "/v2/oauth2/tokens/revoke";

    public override IEnumerable<KeyValuePair<string, string?>> CallbackExtras(AuthorizationCode code) => [new("realmId", RealmId(code.Account))];

    public override string MakeAccessToken(Grant grant, string seed) => $"eyJ{Mint.Letters(60, seed)}..{Mint.Letters(420, seed, "body")}.{Mint.Letters(22, seed, "tag")}";

    public override string MakeRefreshToken(string seed) => "AB1" + Mint.Letters(47, seed, "refresh");

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh) => Answer.Json(new
    {
        token_type = "bearer",
        expires_in = 3600,
        refresh_token = refresh?.Value,
        x_refresh_token_expires_in = 8_726_400,
        access_token = access.Value,
    });

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return QuickBooksErrors.Fault(StatusCodes.Status429TooManyRequests, "THROTTLE", "3001", "message=ThrottleExceeded; errorCode=003001; statusCode=429");
    }

    public override IResult NotFound(HttpContext context) =>
        QuickBooksErrors.Fault(StatusCodes.Status404NotFound, "SERVICE", "120", "message=UnsupportedOperation; statusCode=404");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal == AccessRefusal.MissingScope
        ? QuickBooksErrors.Fault(StatusCodes.Status403Forbidden, "AUTHORIZATION", "3100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403")
        : QuickBooksErrors.Fault(StatusCodes.Status401Unauthorized, "AUTHENTICATION", "3200", "message=AuthenticationFailed; errorCode=003200; statusCode=401");

    protected override void MapApi(ProviderRoutes routes)
    {
        const string accounting = "com.intuit.quickbooks.accounting";
        routes.Post("/v2/oauth2/tokens/revoke", RevokeAsync);
        routes.Get(Company + "/companyinfo/{id}", With((context, token) => InCompanyAsync(context, token, account => Task.FromResult(
            context.Request.RouteValues["id"]?.ToString() == RealmId(account)
                ? Answer.Json(new { CompanyInfo = CompanyInfo(account), time = Time.GetUtcNow() })
                : QuickBooksErrors.Fault(StatusCodes.Status400BadRequest, "ValidationFault", "610", "Object Not Found"))), accounting));
        routes.Data.Get(Company + "/query", With((context, token) => InCompanyAsync(context, token, account => Task.FromResult(Query(context, account))), accounting));
        _data.Map(routes.Data, Company, handler => With((context, token) => InCompanyAsync(context, token, account => handler(context, Control.Data.Of(account.Number))), accounting));
    }

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        if (new ClientCheck(this).Check(context.Request, new Dictionary<string, string>(StringComparer.Ordinal)) is { } refused)
        {
            return refused.IsViolation ? Violation(context, refused.Rule, Answer.Status(StatusCodes.Status401Unauthorized)) : Answer.Status(StatusCodes.Status401Unauthorized);
        }

        if ((await context.Request.ReadObjectAsync())?.Text("token") is not { } token)
        {
            return Violation(context, "revoke wants JSON with a token", Answer.Json(new { error = "invalid_request" }, StatusCodes.Status400BadRequest));
        }

        // What the real one says to a token that is dead already is not documented (unverified).
        return Control.Grants.TryRevoke(token) ? Answer.Text("") : Answer.Json(new { error = "invalid_request" }, StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> InCompanyAsync(HttpContext context, AccessToken token, Func<SandboxAccount, Task<IResult>> answer)
    {
        context.Response.Headers["intuit_tid"] = Mint.Guid("quickbooks", token.Value);
        if (context.Request.RouteValues["realm"]?.ToString() != RealmId(token.Grant.Account))
        {
            return Refuse(context, AccessRefusal.MissingScope, "");
        }

        return context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? await answer(token.Grant.Account)
            : Violation(context, "without Accept: application/json the answer is XML", Answer.Text("<IntuitResponse />", type: "application/xml"));
    }

    private IResult Query(HttpContext context, SandboxAccount account)
    {
        var query = context.Request.Query["query"].ToString();
        return query.Contains("from CompanyInfo", StringComparison.OrdinalIgnoreCase)
            ? Answer.Json(new { QueryResponse = new { CompanyInfo = new[] { CompanyInfo(account) }, maxResults = 1 }, time = Time.GetUtcNow() })
            : _data.Query(context, Control.Data.Of(account.Number));
    }

    private static string RealmId(SandboxAccount account) => account.Digits("realm", 16);

    private static object CompanyInfo(SandboxAccount account) => new
    {
        CompanyName = account.Company,
        LegalName = account.Company + " Inc.",
        Country = "US",
        Email = new { Address = account.Email },
        Id = "1",
        SyncToken = "4",
        MetaData = new { CreateTime = "2026-01-05T09:00:00-08:00", LastUpdatedTime = "2026-01-05T09:00:00-08:00" },
    };
}
