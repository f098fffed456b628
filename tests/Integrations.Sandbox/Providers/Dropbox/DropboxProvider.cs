using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Dropbox;

/// <summary>Dropbox: calls are POST with JSON, uploads go to a host of their own with their arguments in a header.</summary>
internal sealed class DropboxProvider : OAuthProvider
{
    private readonly DropboxApi _api;

    public DropboxProvider(TimeProvider time)
        : base("dropbox", "Dropbox", time)
    {
        _api = new DropboxApi(Control, time);
        Control.Grants.AddKey(SandboxKeys.DropboxToken, DefaultAccount);
    }

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/oauth2/authorize",
        TokenPath = "/oauth2/token",
        ClientAuth = ClientAuth.Body,
        TakesPkce = true,
        Scopes =
        [
            "account_info.read", "account_info.write", "files.metadata.read", "files.metadata.write", "files.content.read", "files.content.write",
            "sharing.read", "sharing.write",
        ],
        AccessLifetime = TimeSpan.FromHours(4),
    };

    protected override string? RevocationPath => "/2/auth/token/revoke";

    public override IEnumerable<(string Name, string Value)> Settings() => [.. base.Settings(), ("Urls:content", BaseUrl + "/content")];

    // With PKCE the app needs no secret.
    public override bool SecretIsOptional(IReadOnlyDictionary<string, string> form) => form.ContainsKey("code_verifier");

    public override bool GivesRefreshToken(AuthorizationCode code) => code.Request.Parameter("token_access_type") == "offline";

    public override string? CheckAuthorize(AuthorizeRequest request) => request.Parameter("token_access_type") is not (null or "online" or "offline" or "legacy")
        ? "token_access_type is online or offline"
        : request.Parameter("include_granted_scopes") is not (null or "user" or "team")
            ? "include_granted_scopes is user or team"
            : null;

    public override IEnumerable<KeyValuePair<string, string?>> Denial() => [new("error", "access_denied"), new("error_description", "The user chose not to give your app access to their Dropbox account.")];

    public override string MakeAccessToken(Grant grant, string seed) => "sl.u." + Mint.Letters(150, seed);

    public override string MakeRefreshToken(string seed) => Mint.Letters(64, seed, "refresh");

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["access_token"] = access.Value,
            ["token_type"] = "bearer",
            ["expires_in"] = 14_400,
        };
        if (!isRefresh)
        {
            body["scope"] = string.Join(' ', access.Grant.Scopes);
            body["uid"] = access.Grant.Account.Digits("uid", 10);
            body["account_id"] = DropboxApi.AccountId(access.Grant.Account);
        }

        if (refresh is not null)
        {
            body["refresh_token"] = refresh.Value;
        }

        return Answer.Json(body);
    }

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        return Answer.Json(
            new { error_summary = "too_many_requests/..", error = new { reason = Answer.Tag("too_many_requests"), retry_after = int.TryParse(retryAfter, out var seconds) ? seconds : 1 } },
            StatusCodes.Status429TooManyRequests);
    }

    public override IResult NotFound(HttpContext context) => Answer.Text("Unknown API function: \"" + context.Request.Path.Value?.Split("/2/")[^1] + "\"", StatusCodes.Status400BadRequest);

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.Missing => Answer.Text("The given OAuth 2 access token is malformed or missing.", StatusCodes.Status400BadRequest),
        AccessRefusal.Expired => Unauthorized(Answer.Tag("expired_access_token")),
        AccessRefusal.MissingScope => Unauthorized(Answer.Tag("missing_scope", ("required_scope", detail))),
        _ => Unauthorized(Answer.Tag("invalid_access_token")),
    };

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Post("/2/auth/token/revoke", With(_api.RevokeAsync));
        routes.Post("/2/users/get_current_account", With(_api.AccountAsync, "account_info.read"));
        routes.Post("/2/files/list_folder", With(_api.ListAsync, "files.metadata.read"));
        routes.Post("/2/files/list_folder/continue", With(_api.ContinueAsync, "files.metadata.read"));
        // The host of content has the same paths under /2.
        var sessions = new DropboxSessions(_api);
        routes.Data.Post("/content/2/files/upload", With(_api.UploadAsync, "files.content.write"));
        routes.Data.Post("/content/2/files/upload_session/start", With(sessions.StartAsync, "files.content.write"));
        routes.Data.Post("/content/2/files/upload_session/append_v2", With(sessions.AppendAsync, "files.content.write"));
        routes.Data.Post("/content/2/files/upload_session/finish", With(sessions.FinishAsync, "files.content.write"));
    }

    private static IResult Unauthorized(Dictionary<string, object?> error) =>
        Answer.Json(new { error_summary = $"{error[".tag"]}/...", error }, StatusCodes.Status401Unauthorized);
}
