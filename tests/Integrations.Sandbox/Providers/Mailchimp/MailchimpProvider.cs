using System.Globalization;
using System.Text;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Mailchimp;

/// <summary>Mailchimp: no scopes, no refresh tokens, tokens that do not expire; where the API is must be asked for after the token.</summary>
internal sealed class MailchimpProvider : OAuthProvider
{
    private static readonly string[] _audiences =
        ["Customers", "Newsletter", "Wholesale", "Leads", "Events", "Suppliers", "Press", "Friends", "Trial users", "Webinar", "Beta testers", "Archive"];

    public MailchimpProvider(TimeProvider time)
        : base("mailchimp", "Mailchimp", time)
    {
        Control.Grants.AddKey(SandboxKeys.Mailchimp, DefaultAccount);
        Control.Data.Hold(MailchimpMember.Type);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/oauth2/authorize",
        TokenPath = "/oauth2/token",
        ClientAuth = ClientAuth.Body,
        ScopeSeparators = "",
    };

    public override bool HasRefreshGrant => false;

    public override IEnumerable<(string Name, string Value)> Settings() =>
        [.. base.Settings().Select(setting => setting.Name == "ApiBaseUrl" ? ("ApiBaseUrl", BaseUrl + "/3.0") : setting), ("Urls:metadata", BaseUrl + "/oauth2/metadata")];

    public override bool GivesRefreshToken(AuthorizationCode code) => false;

    public override string MakeAccessToken(Grant grant, string seed) => Mint.Hex(32, seed);

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh) =>
        Answer.Json(new { access_token = access.Value, expires_in = 0, scope = (string?)null });

    // Note: no header tells how long to wait.
    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return Problem(StatusCodes.Status429TooManyRequests, "Too Many Requests", "You have exceeded the limit of 10 simultaneous connections.");
    }

    public override IResult NotFound(HttpContext context) => Problem(StatusCodes.Status404NotFound, "Resource Not Found", "The requested resource could not be found.");

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Get("/oauth2/metadata", With(Metadata));
        routes.Get("/3.0", With(Root));
        routes.Get("/3.0/ping", With((_, _) => Answer.Json(new { health_status = "Everything's Chimpy!" })));
        routes.Get("/3.0/lists", With(Lists));
        new MailchimpMembers(Control).Map(routes.Data, "/3.0/lists/{list}", handler => With((context, token) =>
        {
            var account = token.Grant.Account;
            var part = Array.FindIndex(_audiences, name => ListId(account, name) == context.Request.RouteValues["list"]?.ToString());
            return part < 0 ? Task.FromResult(NotFound(context)) : handler(context, Control.Data.Of(account.Number)["members", part]);
        }));
    }

    // A key is the password of Basic; that it works as a Bearer token too is unverified, and so it does not here. An OAuth token comes as OAuth or Bearer.
    protected override string? ReadToken(HttpContext context)
    {
        var buffer = new byte[512];
        if (context.Request.Authorization("Basic") is { } basic)
        {
            var key = Convert.TryFromBase64String(basic, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2)[^1] : "";
            return key.Contains('-', StringComparison.Ordinal) || Control.Grants.FindAccess(key) is null ? key : null;
        }

        var token = context.Request.Authorization("OAuth") ?? context.Request.Authorization("Bearer");
        return token?.Contains('-', StringComparison.Ordinal) == true ? null : token;
    }

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal == AccessRefusal.Missing
        ? Problem(StatusCodes.Status401Unauthorized, "API Key Missing", "Your request did not include an API key.")
        : Problem(StatusCodes.Status401Unauthorized, "API Key Invalid", "Your API key may be invalid, or you've attempted to access the wrong datacenter.");

    private IResult Metadata(HttpContext context, AccessToken token)
    {
        var account = token.Grant.Account;
        return Answer.Json(new
        {
            dc = SandboxKeys.MailchimpDataCentre,
            role = "owner",
            accountname = account.Company,
            user_id = int.Parse(account.Digits("user", 8), CultureInfo.InvariantCulture),
            login = new { email = account.Email, avatar = (string?)null, login_id = int.Parse(account.Digits("login", 8), CultureInfo.InvariantCulture), login_name = account.Email, login_email = account.Email },
            login_url = "https://login.mailchimp.com",
            api_endpoint = BaseUrl,
        });
    }

    private static IResult Root(HttpContext context, AccessToken token) => Answer.Json(new
    {
        account_id = token.Grant.Account.Hex("account", 25),
        login_id = token.Grant.Account.Digits("login", 8),
        account_name = token.Grant.Account.Company,
        email = token.Grant.Account.Email,
        role = "owner",
        total_subscribers = 4_210,
    });

    private IResult Lists(HttpContext context, AccessToken token)
    {
        if (!TryNumber(context, "count", 10, out var count) || !TryNumber(context, "offset", 0, out var offset) || count is < 0 or > 1000)
        {
            return Violation(context, "count is 0 to 1000, offset a number", Problem(StatusCodes.Status400BadRequest, "Invalid Resource", "The resource submitted could not be validated."));
        }

        var account = token.Grant.Account;
        return Answer.Json(new
        {
            lists = _audiences.Skip(offset).Take(count).Select(name => new
            {
                id = ListId(account, name),
                name,
                permission_reminder = "You signed up on our site.",
                date_created = "2026-01-05T09:00:00+00:00",
                stats = new { member_count = Control.Data.Of(account.Number)["members", Array.IndexOf(_audiences, name)].Count },
            }),
            total_items = _audiences.Length,
        });
    }

    private static string ListId(SandboxAccount account, string name) => account.Hex("audience " + name, 10);

    public static bool TryNumber(HttpContext context, string name, int byDefault, out int number)
    {
        number = byDefault;
        return context.Request.Query[name].ToString() is { Length: 0 } || int.TryParse(context.Request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public static IResult Problem(int status, string title, string detail) => Answer.Json(
        new { type = "https://mailchimp.com/developer/marketing/docs/errors/", title, status, detail, instance = Mint.Guid("mailchimp", detail) }, status, "application/problem+json; charset=utf-8");
}
