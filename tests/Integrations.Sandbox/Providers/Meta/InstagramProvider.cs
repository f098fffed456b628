using System.Globalization;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>Instagram with Instagram Login: a short token, a long one for it, and the long one renewed by itself.</summary>
internal sealed class InstagramProvider : MetaProvider
{
    public InstagramProvider(TimeProvider time)
        : base("instagram", "Instagram", time) => Control.Data.Hold(InstagramInsights.Media);

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/oauth/authorize",
        TokenPath = "/oauth/access_token",
        ClientAuth = ClientAuth.Body,
        ScopeSeparators = ",",
        Scopes =
        [
            "instagram_business_basic", "instagram_business_manage_insights", "instagram_business_manage_comments", "instagram_business_content_publish",
            "instagram_business_manage_messages",
        ],
        AccessLifetime = TimeSpan.FromHours(1),
    };

    public override string MakeAccessToken(Grant grant, string seed) => "IGAA" + Mint.Letters(160, seed);

    // The first answer has no lifetime, and names the person and the permissions.
    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh) => isRefresh
        ? Answer.Json(new { access_token = access.Value, token_type = "bearer", expires_in = (int)LongLife.TotalSeconds, permissions = string.Join(',', access.Grant.Scopes) })
        : Answer.Json(new { access_token = access.Value, user_id = long.Parse(UserId(access.Grant.Account), CultureInfo.InvariantCulture), permissions = access.Grant.Scopes });

    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.TemporarilyUnavailable => Refusal(StatusCodes.Status503ServiceUnavailable, "An unexpected error has occurred. Please retry your request later."),
        TokenFault.InvalidClient => Refusal(StatusCodes.Status400BadRequest, "Error validating client secret."),
        TokenFault.WrongClientAuth => Refusal(StatusCodes.Status400BadRequest, "Invalid platform app"),
        TokenFault.RedirectMismatch => Refusal(StatusCodes.Status400BadRequest, "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"),
        TokenFault.UsedCode => Refusal(StatusCodes.Status400BadRequest, "This authorization code has been used"),
        TokenFault.InvalidGrant => Refusal(StatusCodes.Status400BadRequest, "Matching code was not found or was already used"),
        _ => Refusal(StatusCodes.Status400BadRequest, description),
    };

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Get("/access_token", context => Exchange(context, "ig_exchange_token", Short, needsSecret: true));
        // Note: the real one renews a token only when it is a day old; it is not checked here, so that a renewal can be seen at once.
        routes.Get("/refresh_access_token", context => Exchange(context, "ig_refresh_token", Long, needsSecret: false));
        var insights = new InstagramInsights(this, Time);
        foreach (var version in (string[])["", "/{version:regex(^v\\d\\d\\.0$)}"])
        {
            routes.Get(version + "/me", With(Me, "instagram_business_basic"));
            routes.Data.Get(version + "/{node}/insights", With(insights.Insights, "instagram_business_manage_insights"));
            routes.Data.Get(version + "/{node}/media", With(insights.List, "instagram_business_basic"));
        }
    }

    private IResult Exchange(HttpContext context, string grantType, string kind, bool needsSecret)
    {
        var query = context.Request.Query;
        if (query["grant_type"] != grantType)
        {
            return Violation(context, $"grant_type must be {grantType}", Error("Unsupported grant type", "OAuthException", 100));
        }

        if (needsSecret && query["client_secret"] != ClientSecret)
        {
            return Error("Error validating client secret.", "OAuthException", 1);
        }

        return Exchangeable(context, query["access_token"].ToString() is { Length: > 0 } value ? value : null, kind, out var refusal) is { } token ? GiveLong(context, token) : refusal;
    }

    private static IResult Me(HttpContext context, AccessToken token)
    {
        var account = token.Grant.Account;
        return Answer.Json(new
        {
            user_id = ProfessionalId(account),
            username = account.Company.ToLowerInvariant().Replace(' ', '.'),
            name = account.Company,
            account_type = "BUSINESS",
            followers_count = 1_284,
            media_count = 57,
            id = UserId(account),
        });
    }

    /// <summary>Both numbers name the account, and so does me.</summary>
    public bool IsUser(SandboxAccount account, string id) => id == "me" || id == UserId(account) || id == ProfessionalId(account);

    public static string ProfessionalId(SandboxAccount account) => account.Digits("professional", 17);

    public IResult Wrong(HttpContext context, string rule) => Violation(context, rule, Error(rule, "OAuthException", 100));

    private static string UserId(SandboxAccount account) => account.Digits("user", 17);

    private static IResult Refusal(int status, string message) => Answer.Json(new { error_type = "OAuthException", code = status, error_message = message }, status);
}
