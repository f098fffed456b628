using System.Text;
using System.Text.RegularExpressions;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>Stripe: secret and restricted keys, and Connect's OAuth, where the platform's secret key is the client's secret.</summary>
internal sealed partial class StripeProvider : OAuthProvider
{
    private static readonly string[] _noBalance = ["rak_customer_read"];

    public StripeProvider(TimeProvider time)
        : base("stripe", "Stripe", time)
    {
        Control.Grants.AddKey(SandboxKeys.StripeSecret, DefaultAccount);
        Control.Grants.AddKey(SandboxKeys.StripeRestricted, DefaultAccount);
        Control.Grants.AddKey(SandboxKeys.StripeRestrictedWithoutBalance, DefaultAccount, _noBalance);
        Control.Grants.AddKey(ClientSecret, new SandboxAccount(Key, 99));
        Control.Data.Hold(StripeTypes.All);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/oauth/authorize",
        TokenPath = "/oauth/token",
        ClientAuth = ClientAuth.Body,
        Scopes = ["read_write", "read_only"],
        // Connect's token request names the code and the platform's key only.
        RedirectUriAtToken = false,
        CodeLifetime = TimeSpan.FromMinutes(5),
    };

    protected override string? RevocationPath => "/oauth/deauthorize";

    public override (string? Id, string? Secret) ReadBodyClient(IReadOnlyDictionary<string, string> form) =>
        (form.GetValueOrDefault("client_id") ?? ClientId, form.GetValueOrDefault("client_secret"));

    public override bool RepeatsRefreshToken => true;

    public override string MakeAccessToken(Grant grant, string seed) => "sk_test_" + Mint.Letters(40, seed);

    public override string MakeRefreshToken(string seed) => "rt_" + Mint.Letters(48, seed);

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh) => Answer.Json(new
    {
        access_token = access.Value,
        livemode = false,
        refresh_token = refresh?.Value,
        token_type = "bearer",
        stripe_publishable_key = "pk_test_" + Mint.Letters(40, access.Grant.Account.Number, "publishable"),
        stripe_user_id = AccountId(access.Grant.Account),
        scope = access.Grant.Scopes[0],
    });

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        context.Response.Headers["Stripe-Rate-Limited-Reason"] = "global-rate";
        return Error("Request rate limit exceeded.", StatusCodes.Status429TooManyRequests, "rate_limit");
    }

    public override IResult NotFound(HttpContext context) =>
        Error($"Unrecognized request URL ({context.Request.Method}: {context.Request.Path}).", StatusCodes.Status404NotFound);

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Post("/oauth/deauthorize", DeauthorizeAsync);
        routes.Get("/v1/balance", With((context, token) => OnAsync(context, token, account => Task.FromResult(Balance(token, account)))));
        routes.Get("/v1/account", With((context, token) => OnAsync(context, token, account => Task.FromResult(Answer.Json(StripeBodies.Account(AccountId(account), account))))));
        new StripeData(Control, Time).Map(routes.Data, handler => With((context, token) => OnAsync(context, token, account => handler(context, Control.Data.Of(account.Number)))));
    }

    // A key is a Bearer token, or the user of Basic without a password.
    protected override string? ReadToken(HttpContext context) => base.ReadToken(context) ?? BasicUser(context.Request);

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.Missing => Error("You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.", StatusCodes.Status401Unauthorized),
        AccessRefusal.Expired => Error($"Expired API Key provided: {Masked(detail)}", StatusCodes.Status401Unauthorized, "api_key_expired"),
        _ => Error($"Invalid API Key provided: {Masked(detail)}", StatusCodes.Status401Unauthorized),
    };

    /// <summary>The account that the call is for: the key's own, or the connected one that the platform names.</summary>
    private async Task<IResult> OnAsync(HttpContext context, AccessToken token, Func<SandboxAccount, Task<IResult>> answer)
    {
        if (context.Request.Headers["Stripe-Version"].ToString() is { Length: > 0 } version && !Version().IsMatch(version))
        {
            return Violation(context, "Stripe-Version is no version", Error($"Invalid Stripe API version: {version}", StatusCodes.Status400BadRequest));
        }

        if (context.Request.Headers["Stripe-Account"].ToString() is not { Length: > 0 } id)
        {
            return await answer(token.Grant.Account);
        }

        var grant = Control.Grants.All().FirstOrDefault(grant => !grant.IsRevoked && AccountId(grant.Account) == id);
        return grant is not null && token.Value == ClientSecret
            ? await answer(grant.Account)
            : Error(
                $"The provided key '{Masked(token.Value)}' does not have access to account '{id}' (or that account does not exist). Application access may have been revoked.",
                StatusCodes.Status403Forbidden,
                "account_invalid");
    }

    private static IResult Balance(AccessToken token, SandboxAccount account) => token.Grant.IsKey && token.Grant.Scopes.Count > 0
        ? Error(
            $"The provided key '{Masked(token.Value)}' does not have the required permissions for this endpoint on account '{AccountId(account)}'. "
            + "Having the 'rak_balance_read' permission would allow this request to continue.",
            StatusCodes.Status403Forbidden)
        : Answer.Json(StripeBodies.Balance());

    private async Task<IResult> DeauthorizeAsync(HttpContext context)
    {
        var form = (await TokenForm.ReadAsync(context.Request, queryIsRead: false)).Form;
        if (ReadToken(context) is not { } key)
        {
            return Violation(context, "deauthorize needs the platform's key in the Authorization header", Answer.Json(
                new { error = "invalid_client", error_description = "You did not provide an API key." }, StatusCodes.Status401Unauthorized));
        }

        var id = form.GetValueOrDefault("stripe_user_id", "");
        var grants = Control.Grants.All().Where(grant => !grant.IsRevoked && AccountId(grant.Account) == id).ToList();
        if (key != ClientSecret || form.GetValueOrDefault("client_id") != ClientId || grants.Count == 0)
        {
            return Answer.Json(
                new { error = "invalid_client", error_description = $"This application is not connected to stripe account {id}, or that account does not exist." },
                StatusCodes.Status401Unauthorized);
        }

        grants.ForEach(Control.Grants.Revoke);
        return Answer.Json(new { stripe_user_id = id });
    }

    private static string AccountId(SandboxAccount account) => "acct_1" + account.Letters("account", 15);

    private static string? BasicUser(HttpRequest request)
    {
        var buffer = new byte[512];
        return request.Authorization("Basic") is { } basic && Convert.TryFromBase64String(basic, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0]
            : null;
    }

    private static string Masked(string key) => key.Length < 12 ? new string('*', key.Length) : $"{key[..8]}{new string('*', 8)}{key[^4..]}";

    public static IResult Error(string message, int status, string? code = null, string? parameter = null, string type = "invalid_request_error")
    {
        Dictionary<string, string> error = new(StringComparer.Ordinal) { ["message"] = message, ["type"] = type };
        if (code is not null)
        {
            error["code"] = code;
        }

        if (parameter is not null)
        {
            error["param"] = parameter;
        }

        return Answer.Json(new { error }, status);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
