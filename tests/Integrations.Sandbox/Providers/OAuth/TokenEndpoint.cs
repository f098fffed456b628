using System.Security.Cryptography;
using System.Text;

namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>Codes and refresh tokens are traded for access tokens here.</summary>
internal sealed class TokenEndpoint(OAuthProvider provider, TimeProvider time)
{
    private GrantStore Grants => provider.Control.Grants;

    public void Map(ProviderRoutes routes)
    {
        foreach (var path in provider.MoreTokenPaths.Append(provider.Rules.TokenPath))
        {
            routes.On(provider.Rules.TokenByGet ? ["GET", "POST"] : ["POST"], path, AnswerAsync);
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var read = await TokenForm.ReadAsync(context.Request, provider.Rules.TokenByGet);
        if (read.Fault is { } rule)
        {
            return Violation(context, TokenFault.InvalidRequest, rule);
        }

        if (provider.Control.TakeTokenError() is { } planned)
        {
            return provider.TokenError(context, Planned(planned, read.Form), "On demand.");
        }

        var client = new ClientCheck(provider).Check(context.Request, read.Form);
        if (client is { } refused)
        {
            return refused.IsViolation ? Violation(context, refused.Fault, refused.Rule) : provider.TokenError(context, refused.Fault, refused.Rule);
        }

        return read.Form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => TradeCode(context, read.Form),
            "refresh_token" when provider.HasRefreshGrant => Refresh(context, read.Form),
            { } other when provider.OtherGrant(context, other, read.Form) is { } answer => answer,
            // Facebook's own dialogue says nothing of a grant type for codes.
            null when provider.Rules.TokenByGet && read.Form.ContainsKey("code") => TradeCode(context, read.Form),
            var unknown => Violation(context, TokenFault.UnsupportedGrantType, $"grant_type {unknown ?? "(none)"} is not supported"),
        };
    }

    private IResult TradeCode(HttpContext context, IReadOnlyDictionary<string, string> form)
    {
        if (Grants.FindCode(form.GetValueOrDefault("code", "")) is not { } code)
        {
            return provider.TokenError(context, TokenFault.InvalidGrant, "The code does not exist.");
        }

        var redirect = form.GetValueOrDefault("redirect_uri");
        if (redirect is null ? provider.Rules.RedirectUriAtToken : redirect != code.Request.RedirectUri)
        {
            return Violation(context, TokenFault.RedirectMismatch, "redirect_uri must be the one that the code was asked for with");
        }

        if (VerifierFault(form.GetValueOrDefault("code_verifier"), code.Request.Challenge) is { } rule)
        {
            return Violation(context, TokenFault.BadVerifier, rule);
        }

        if (provider.CheckPlace(context, code.Account) is { } misplaced)
        {
            return Violation(context, TokenFault.InvalidGrant, misplaced);
        }

        if (code.ExpiresAt <= time.GetUtcNow() && code.Grant is null)
        {
            return provider.TokenError(context, TokenFault.InvalidGrant, "The code has expired.");
        }

        return Grants.TryUse(code, out var grant)
            ? Give(context, grant, provider.GivesRefreshToken(code) ? Grants.AddRefresh(grant, provider.MakeRefreshToken) : null, isRefresh: false)
            : Violation(context, TokenFault.UsedCode, "the code was used before; what it gave is revoked");
    }

    private IResult Refresh(HttpContext context, IReadOnlyDictionary<string, string> form)
    {
        if (provider.Control.RefusesRefresh || Grants.FindRefresh(form.GetValueOrDefault("refresh_token", "")) is not { } token)
        {
            return provider.TokenError(context, TokenFault.BadRefreshToken, "The refresh token is unknown.");
        }

        if (form.GetValueOrDefault("scope") is { } scope && scope.Split(' ', ',').Except(token.Grant.Scopes, StringComparer.Ordinal).Any())
        {
            return Violation(context, TokenFault.InvalidScope, "a refresh cannot ask for more scopes than were granted");
        }

        if (provider.CheckPlace(context, token.Grant.Account) is { } misplaced)
        {
            return Violation(context, TokenFault.BadRefreshToken, misplaced);
        }

        return Grants.TryRefresh(token, provider.Rotation, provider.Rules.Grace) switch
        {
            RefreshVerdict.Reused => Violation(context, TokenFault.BadRefreshToken, "a refresh token was used again after it was rotated"),
            RefreshVerdict.Revoked => provider.TokenError(context, TokenFault.BadRefreshToken, "The refresh token was revoked."),
            _ => Give(context, token.Grant, Successor(token), isRefresh: true),
        };
    }

    private RefreshToken? Successor(RefreshToken token) => provider.Rotation != Rotation.None ? Grants.AddRefresh(token.Grant, provider.MakeRefreshToken)
        : provider.RepeatsRefreshToken ? token
        : null;

    private IResult Give(HttpContext context, Grant grant, RefreshToken? refresh, bool isRefresh) => provider.Tokens(
        context, Grants.AddAccess(grant, provider.TokenKind, provider.AccessLifetime, seed => provider.MakeAccessToken(grant, seed)), refresh, isRefresh);

    private static TokenFault Planned(string error, IReadOnlyDictionary<string, string> form) => error switch
    {
        "invalid_client" => TokenFault.InvalidClient,
        "temporarily_unavailable" => TokenFault.TemporarilyUnavailable,
        _ => form.ContainsKey("refresh_token") ? TokenFault.BadRefreshToken : TokenFault.InvalidGrant,
    };

    private static string? VerifierFault(string? verifier, string? challenge) => (verifier, challenge) switch
    {
        (null, null) => null,
        (null, _) => "code_verifier is missing, though a challenge was sent",
        (_, null) => "code_verifier was sent, though no challenge was",
        _ when verifier.Length is < 43 or > 128 || !verifier.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~') =>
            "code_verifier must be 43 to 128 unreserved characters",
        _ => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) == challenge
            ? null
            : "code_verifier does not belong to the challenge",
    };

    private IResult Violation(HttpContext context, TokenFault fault, string rule)
    {
        provider.Control.Violated(context, rule);
        return provider.TokenError(context, fault, rule);
    }
}
