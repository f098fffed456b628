using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Slack;

/// <summary>Slack: scopes separated by commas, and errors with status 200.</summary>
internal sealed class SlackProvider : OAuthProvider
{
    private readonly SlackApi _api;

    public SlackProvider(TimeProvider time)
        : base("slack", "Slack", time)
    {
        Control.Data.Hold(SlackTypes.All);
        _api = new SlackApi(this);
        Control.Grants.AddKey(SandboxKeys.SlackBot, DefaultAccount);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/oauth/v2/authorize",
        TokenPath = "/api/oauth.v2.access",
        ClientAuth = ClientAuth.Body,
        ScopeSeparators = ",",
        Scopes =
        [
            "channels:read", "groups:read", "channels:history", "groups:history", "users:read", "users:read.email", "chat:write", "chat:write.public",
            "channels:join", "team:read", "files:write", "incoming-webhook",
        ],
    };

    public TimeProvider Clock => Time;

    // Rotation is a switch of the app's owner: with it tokens live 12 hours, and each refresh token is good once.
    public override Rotation Rotation => Rotation.SingleUse;

    public override TimeSpan? AccessLifetime => Control.RotatesTokens ? TimeSpan.FromHours(12) : null;

    protected override string? RevocationPath => "/api/auth.revoke";

    public override IEnumerable<(string Name, string Value)> Settings() =>
        base.Settings().Select(setting => setting.Name == "ApiBaseUrl" ? ("ApiBaseUrl", BaseUrl + "/api") : setting);

    public override bool GivesRefreshToken(AuthorizationCode code) => Control.RotatesTokens;

    public override string MakeAccessToken(Grant grant, string seed) =>
        (Control.RotatesTokens ? "xoxe.xoxb-1-" : $"xoxb-{grant.Account.Digits("team number", 12)}-") + $"{Mint.Digits(12, seed)}-{Mint.Letters(24, seed)}";

    public override string MakeRefreshToken(string seed) => "xoxe-1-" + Mint.Letters(140, seed, "refresh");

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh)
    {
        var account = access.Grant.Account;
        Dictionary<string, object?> body = new(StringComparer.Ordinal)
        {
            ["ok"] = true,
            ["app_id"] = "A" + Mint.Letters(10, "slack", "app").ToUpperInvariant(),
            ["authed_user"] = new { id = SlackApi.UserId(account) },
            ["scope"] = string.Join(',', access.Grant.Scopes),
            ["token_type"] = "bot",
            ["access_token"] = access.Value,
            ["bot_user_id"] = SlackApi.BotId(account),
            ["team"] = new { id = SlackApi.TeamId(account), name = account.Company },
            ["enterprise"] = null,
            ["is_enterprise_install"] = false,
        };
        if (refresh is not null)
        {
            (body["refresh_token"], body["expires_in"]) = (refresh.Value, 43_200);
        }

        return Answer.Json(body);
    }

    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.TemporarilyUnavailable => SlackApi.Error("service_unavailable", StatusCodes.Status503ServiceUnavailable),
        TokenFault.InvalidClient => SlackApi.Error("bad_client_secret"),
        TokenFault.WrongClientAuth => SlackApi.Error("invalid_client_id"),
        TokenFault.UsedCode => SlackApi.Error("code_already_used"),
        TokenFault.RedirectMismatch => SlackApi.Error("bad_redirect_uri"),
        TokenFault.BadRefreshToken => SlackApi.Error("invalid_refresh_token"),
        TokenFault.UnsupportedGrantType => SlackApi.Error("invalid_grant_type"),
        TokenFault.InvalidRequest => SlackApi.Error("invalid_arguments"),
        TokenFault.InvalidScope => SlackApi.Error("invalid_scope"),
        _ => SlackApi.Error("invalid_code"),
    };

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return SlackApi.Error("ratelimited", StatusCodes.Status429TooManyRequests);
    }

    public override IResult NotFound(HttpContext context) => SlackApi.Error("unknown_method");

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.Missing => SlackApi.Error("not_authed"),
        AccessRefusal.Expired => SlackApi.Error("token_expired"),
        AccessRefusal.Revoked => SlackApi.Error("token_revoked"),
        AccessRefusal.MissingScope => Answer.Json(new { ok = false, error = "missing_scope", needed = detail, provided = "" }),
        _ => SlackApi.Error("invalid_auth"),
    };

    protected override void MapApi(ProviderRoutes routes)
    {
        string[] both = ["GET", "POST"];
        routes.On(both, "/api/auth.test", With(_api.Test));
        routes.On(both, "/api/auth.revoke", With(_api.Revoke));
        routes.On(both, "/api/team.info", With(_api.Team, "team:read"));
        routes.Data.On(both, "/api/conversations.list", With(_api.ChannelsAsync, "channels:read", "groups:read"));
        routes.Data.On(both, "/api/conversations.history", With(_api.Reading(lists => lists.History), "channels:history", "groups:history"));
        routes.Data.On(both, "/api/users.list", With(_api.Reading(lists => lists.Users), "users:read"));
        routes.Data.On(both, "/api/users.lookupByEmail", With(_api.Reading(lists => lists.Lookup), "users:read.email"));
        routes.Post("/api/conversations.join", With(_api.JoinAsync, "channels:join"));
        routes.Post("/api/chat.postMessage", With(_api.PostAsync, "chat:write"));
    }
}
