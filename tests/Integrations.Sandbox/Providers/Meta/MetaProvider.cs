using System.Security.Cryptography;
using System.Text;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Meta;

/// <summary>What Facebook and Instagram have in common: short tokens that are exchanged for long ones, no refresh tokens, scopes with commas, and errors with status 400.</summary>
internal abstract class MetaProvider(string key, string name, TimeProvider time) : OAuthProvider(key, name, time)
{
    public const string Short = "short";
    public const string Long = "long";

    public static readonly TimeSpan LongLife = TimeSpan.FromDays(60);

    public override bool HasRefreshGrant => false;

    public override string TokenKind => Short;

    public override string CallbackFragment => "#_";

    public override bool GivesRefreshToken(AuthorizationCode code) => false;

    public override IEnumerable<KeyValuePair<string, string?>> Denial() =>
        [new("error", "access_denied"), new("error_code", "200"), new("error_description", "Permissions error"), new("error_reason", "user_denied")];

    // Note: limits are told by code, mostly not with status 429.
    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        context.Response.Headers["X-App-Usage"] = """{"call_count":100,"total_cputime":12,"total_time":30}""";
        return Error("(#4) Application request limit reached", "OAuthException", 4);
    }

    public override IResult NotFound(HttpContext context) =>
        Error("Unsupported get request. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api", "GraphMethodException", 100);

    // As a parameter, or as a Bearer token.
    protected override string? ReadToken(HttpContext context) =>
        context.Request.Query["access_token"].ToString() is { Length: > 0 } asked ? asked : base.ReadToken(context);

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail) => refusal switch
    {
        AccessRefusal.Missing => Error("An active access token must be used to query information about the current user.", "OAuthException", 2500),
        AccessRefusal.MissingScope => Error($"(#200) Requires {detail} permission to manage the object", "OAuthException", 200, StatusCodes.Status403Forbidden),
        AccessRefusal.Expired => Error("Error validating access token: Session has expired.", "OAuthException", 190, subcode: 463),
        AccessRefusal.Revoked => Error("Error validating access token: The user has not authorized application.", "OAuthException", 190, subcode: 458),
        _ => Error("Invalid OAuth access token - Cannot parse access token", "OAuthException", 190),
    };

    /// <summary>The token of an exchange; null, with the answer, when it cannot be exchanged.</summary>
    protected AccessToken? Exchangeable(HttpContext context, string? value, string kind, out IResult refusal)
    {
        var token = value is null ? null : Control.Grants.FindAccess(value);
        var verdict = token is null ? TokenVerdict.Revoked : Control.Grants.Judge(token);
        refusal = token is null ? Refuse(context, value is null ? AccessRefusal.Missing : AccessRefusal.Unknown, "")
            : Refuse(context, verdict == TokenVerdict.Expired || Control.RefusesRefresh ? AccessRefusal.Expired : AccessRefusal.Revoked, "");
        return token is null || verdict != TokenVerdict.Good || (token.Kind == Long && Control.RefusesRefresh) || (kind.Length > 0 && token.Kind != kind) ? null : token;
    }

    protected IResult GiveLong(HttpContext context, AccessToken token)
    {
        if (token.Kind == Long)
        {
            Control.Grants.CountRefresh();
        }

        return Tokens(context, Control.Grants.AddAccess(token.Grant, Long, LongLife, seed => MakeAccessToken(token.Grant, seed)), null, isRefresh: true);
    }

    /// <summary>Null when there is no proof, or it is right: the token, keyed with the app's secret.</summary>
    protected IResult? ProofFault(HttpContext context, AccessToken token)
    {
        var proof = context.Request.Query["appsecret_proof"].ToString();
        var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), Encoding.UTF8.GetBytes(token.Value)));
        return proof.Length == 0 || proof == right ? null
            : Violation(context, "appsecret_proof is wrong", Error("Invalid appsecret_proof provided in the API argument", "GraphMethodException", 100));
    }

    protected static IResult Error(string message, string type, int code, int status = StatusCodes.Status400BadRequest, int? subcode = null)
    {
        Dictionary<string, object> error = new(StringComparer.Ordinal) { ["message"] = message, ["type"] = type, ["code"] = code };
        if (subcode is { } sub)
        {
            error["error_subcode"] = sub;
        }

        error["fbtrace_id"] = Mint.Letters(23, "meta", message);
        return Answer.Json(new { error }, status);
    }
}
