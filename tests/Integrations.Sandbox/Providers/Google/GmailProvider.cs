using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Google;

/// <summary>Gmail: who the mailbox belongs to, its labels, and sending.</summary>
internal sealed class GmailProvider(TimeProvider time) : GoogleProvider("gmail", "Gmail", time)
{
    private const string Me = "/gmail/v1/users/{user}";

    // The profile is not for an app that may only send.
    private static readonly string[] _profile =
        [GoogleScopes.GmailReadonly, GoogleScopes.GmailModify, GoogleScopes.GmailCompose, GoogleScopes.GmailMetadata, GoogleScopes.Mail];

    private int _sent;

    protected override IReadOnlyCollection<string> ApiScopes { get; } = [.. _profile, GoogleScopes.GmailSend, GoogleScopes.GmailLabels];

    public override IEnumerable<(string Name, string Value)> Settings() => [.. base.Settings(), ("Urls:userinfo", BaseUrl + "/v1/userinfo")];

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        var until = Time.GetUtcNow().AddSeconds(int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 60);
        return Error(
            StatusCodes.Status429TooManyRequests,
            "rateLimitExceeded",
            string.Create(CultureInfo.InvariantCulture, $"User-rate limit exceeded.  Retry after {until:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}"),
            "RESOURCE_EXHAUSTED");
    }

    protected override void MapApi(ProviderRoutes routes)
    {
        base.MapApi(routes);
        routes.Get("/v1/userinfo", With(UserInfo, "openid", "email", GoogleScopes.Email));
        routes.Get(Me + "/profile", With(Profile, _profile));
        routes.Get(Me + "/labels", With(Labels, GoogleScopes.GmailReadonly, GoogleScopes.GmailModify, GoogleScopes.GmailMetadata, GoogleScopes.GmailLabels, GoogleScopes.Mail));
        routes.Post(Me + "/messages/send", With(SendAsync, GoogleScopes.GmailSend, GoogleScopes.GmailCompose, GoogleScopes.GmailModify, GoogleScopes.Mail));
    }

    /// <summary>OpenID Connect's: whose account it is, for apps that may only send too.</summary>
    private static IResult UserInfo(HttpContext context, AccessToken token) =>
        Answer.Json(new { sub = token.Grant.Account.Digits("permission", 21), email = token.Grant.Account.Email, email_verified = true });

    private IResult Profile(HttpContext context, AccessToken token) => Mine(context, token) ?? Answer.Json(new
    {
        emailAddress = token.Grant.Account.Email,
        messagesTotal = 1204,
        threadsTotal = 873,
        historyId = token.Grant.Account.Digits("history", 7),
    });

    private IResult Labels(HttpContext context, AccessToken token) => Mine(context, token) ?? Answer.Json(new
    {
        labels = new[] { "INBOX", "SENT", "IMPORTANT", "Label_1", "Label_2" }
            .Select((id, i) => new { id, name = id.StartsWith("Label", StringComparison.Ordinal) ? new[] { "Invoices", "Orders" }[i - 3] : id, type = i < 3 ? "system" : "user" }),
    });

    private async Task<IResult> SendAsync(HttpContext context, AccessToken token)
    {
        if (Mine(context, token) is { } notMine)
        {
            return notMine;
        }

        if ((await context.Request.ReadObjectAsync())?.Text("raw") is not { Length: > 0 } raw)
        {
            return Violation(context, "send wants JSON with raw", BadRequest("'raw' RFC822 payload message string or uploading message via /upload/* URL required", "invalidArgument"));
        }

        if (!Base64Url.IsValid(raw))
        {
            return Violation(context, "raw must be base64url", BadRequest("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed", "invalidArgument"));
        }

        var content = Base64Url.DecodeFromChars(raw);
        var headers = MailHeaders.Read(Encoding.UTF8.GetString(content));
        if (!headers.ContainsKey("to") && !headers.ContainsKey("cc") && !headers.ContainsKey("bcc"))
        {
            return Violation(context, "the e-mail has no recipient", BadRequest("Recipient address required", "invalidArgument"));
        }

        var id = Mint.Hex(16, Key, "message", Interlocked.Increment(ref _sent));
        Control.Record("messages.send", headers, content);
        return Answer.Json(new { id, threadId = id, labelIds = new[] { "SENT" } });
    }

    private IResult? Mine(HttpContext context, AccessToken token)
    {
        var user = context.Request.RouteValues["user"]?.ToString();
        return user == "me" || user == token.Grant.Account.Email ? null : Error(StatusCodes.Status403Forbidden, "forbidden", $"Delegation denied for {user}", "PERMISSION_DENIED");
    }
}
