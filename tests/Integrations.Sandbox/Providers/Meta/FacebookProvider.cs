using System.Globalization;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>Facebook Lead Ads: the person's token leads to those of the pages.</summary>
internal sealed class FacebookProvider : MetaProvider
{
    private const string Version = "/v22.0";

    private static readonly string[] _pages = ["", " Outlet", " Wholesale", " Events", " Jobs"];

    public FacebookProvider(TimeProvider time)
        : base("facebook", "Facebook Lead Ads", time)
    {
        Control.Grants.AddKey(SandboxKeys.FacebookToken, DefaultAccount);
        Control.Data.Hold(FacebookTypes.All);
    }

    public static int PageCount => _pages.Length;

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = Version + "/dialog/oauth",
        TokenPath = Version + "/oauth/access_token",
        ClientAuth = ClientAuth.Body,
        TakesPkce = true,
        ScopeSeparators = ",",
        Scopes =
        [
            "pages_show_list", "pages_read_engagement", "pages_manage_metadata", "leads_retrieval", "pages_manage_ads", "ads_management", "business_management",
            // For the insights of pages (unverified).
            "read_insights",
            "public_profile", "email",
        ],
        TokenByGet = true,
        AccessLifetime = TimeSpan.FromMinutes(90),
    };

    // The permissions of the person: to delete them is to take everything back. That this is the way is unverified.
    protected override string? RevocationPath => Version + "/me/permissions";

    public override IEnumerable<(string Name, string Value)> Settings() =>
        base.Settings().Select(setting => setting.Name == "ApiBaseUrl" ? ("ApiBaseUrl", BaseUrl + Version) : setting);

    public override string MakeAccessToken(Grant grant, string seed) => "EAA" + Mint.Letters(180, seed);

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh) => Answer.Json(new
    {
        access_token = access.Value,
        token_type = "bearer",
        expires_in = (int)((access.ExpiresAt - Time.GetUtcNow())?.TotalSeconds ?? 0),
    });

    public override IResult? OtherGrant(HttpContext context, string grantType, IReadOnlyDictionary<string, string> form) => grantType != "fb_exchange_token" ? null
        : Exchangeable(context, form.GetValueOrDefault("fb_exchange_token"), "", out var refusal) is { } token ? GiveLong(context, token)
        : refusal;

    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.TemporarilyUnavailable => Error("An unexpected error has occurred. Please retry your request later.", "OAuthException", 2, StatusCodes.Status503ServiceUnavailable),
        TokenFault.InvalidClient => Error("Error validating client secret.", "OAuthException", 1),
        TokenFault.WrongClientAuth => Error("Missing client_id parameter.", "OAuthException", 101),
        TokenFault.RedirectMismatch => Error("Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request", "OAuthException", 100, subcode: 36008),
        TokenFault.UsedCode => Error("This authorization code has been used.", "OAuthException", 100, subcode: 36009),
        TokenFault.BadVerifier => Error("Invalid code verifier.", "OAuthException", 100),
        TokenFault.InvalidGrant => Error("Invalid verification code format.", "OAuthException", 100),
        _ => Error(description, "OAuthException", 100),
    };

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Get(Version + "/me", With(Me));
        routes.Get(Version + "/me/accounts", With(Pages, "pages_show_list"));
        routes.Get(Version + "/me/permissions", With((_, token) => Answer.Json(new { data = token.Grant.Scopes.Select(scope => new { permission = scope, status = "granted" }) })));
        var (data, leads, insights) = (routes.Data, new FacebookLeads(this), new FacebookInsights(this, Time));
        data.Get(Version + "/me/adaccounts", With(insights.AdAccounts, "ads_management"));
        data.Get(Version + "/{node}/leadgen_forms", With(leads.Forms, "leads_retrieval", "pages_manage_ads"));
        data.Get(Version + "/{node}/leads", With(leads.Leads, "leads_retrieval"));
        data.Get(Version + "/{node}/insights", With(insights.Page, "read_insights", "ads_management"));
        data.Get(Version + "/{node:long}", With(leads.Lead, "leads_retrieval"));
        routes.Delete(Version + "/me/permissions", With(Revoke));
        routes.Delete(Version + "/{user:long}/permissions", With(Revoke));
    }

    private IResult Me(HttpContext context, AccessToken token) =>
        ProofFault(context, token) ?? Answer.Json(new { id = UserId(token.Grant.Account), name = token.Grant.Account.Person });

    private IResult Pages(HttpContext context, AccessToken token)
    {
        if (ProofFault(context, token) is { } fault)
        {
            return fault;
        }

        var limit = int.TryParse(context.Request.Query["limit"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, 100) : 25;
        var after = context.Request.Query["after"].ToString();
        var start = int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0;
        var account = token.Grant.Account;
        var data = _pages.Skip(start).Take(limit).Select(name => new
        {
            id = PageId(account, name),
            name = account.Company + name,
            category = "Local business",
            tasks = new[] { "ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MODERATE", "MANAGE" },
            // Of a long token of the person the page's does not end (unverified); of a short one it ends with that.
            access_token = Control.Grants.AddAccess(token.Grant, "page", token.Kind == Short ? token.ExpiresAt - Time.GetUtcNow() : null, seed => MakeAccessToken(token.Grant, seed)).Value,
        }).ToList();
        var end = start + data.Count;
        Dictionary<string, object> paging = new(StringComparer.Ordinal) { ["cursors"] = new { before = start.ToString(CultureInfo.InvariantCulture), after = end.ToString(CultureInfo.InvariantCulture) } };
        if (end < _pages.Length)
        {
            paging["next"] = string.Create(CultureInfo.InvariantCulture, $"{BaseUrl}{Version}/me/accounts?limit={limit}&after={end}");
        }

        return Answer.Json(new { data, paging });
    }

    /// <summary>Which of the account's pages it is; -1 for none.</summary>
    public int PageIndex(SandboxAccount account, string id) => Array.FindIndex(_pages, name => PageId(account, name) == id);

    public IResult Wrong(HttpContext context, string rule, string message, int code) => Violation(context, rule, Error(message, "OAuthException", code));

    private static string PageId(SandboxAccount account, string name) => account.Digits("page" + name, 15);

    private IResult Revoke(HttpContext context, AccessToken token)
    {
        var user = context.Request.RouteValues["user"]?.ToString();
        if (user is not null && user != UserId(token.Grant.Account))
        {
            return NotFound(context);
        }

        Control.Grants.Revoke(token.Grant);
        return Answer.Json(new { success = true });
    }

    private static string UserId(SandboxAccount account) => account.Digits("user", 16);
}
