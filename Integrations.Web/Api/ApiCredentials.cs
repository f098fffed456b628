using System.Security.Claims;
using System.Text.Encodings.Web;
using Integrations.Core.ApiKeys;
using Integrations.Core.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Integrations.Web.Api;

/// <summary>Authenticates the REST API by <c>Authorization: Bearer sk_…</c> or <c>X-API-Key</c> (RFC 6750); cookies count for nothing there.</summary>
internal sealed class ApiCredentials(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyVerifier keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiCredentials";

    private const string BearerPrefix = "Bearer ";
    private const string Realm = "Bearer realm=\"Integrations\"";
    private string? _fault;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Read() is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        var verification = await keys.VerifyAsync(key, Context.RequestAborted);
        if (verification.Actor is not { } actor)
        {
            _fault = verification.Verdict switch
            {
                ApiKeyVerdict.Revoked => "This API key was revoked. Use another one.",
                ApiKeyVerdict.Expired => "This API key has expired. Create a new one.",
                _ => "This API key is not known. Check that it was copied whole.",
            };
            return AuthenticateResult.Fail(_fault);
        }

        Caller.Set(Context, actor with { IpAddress = Context.Connection.RemoteIpAddress?.ToString(), RequestId = Context.TraceIdentifier });
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, actor.Id!.Value.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // RFC 6750, 3.1: no error code when no credential was sent.
        Response.Headers.WWWAuthenticate = _fault is null ? Realm : $"{Realm}, error=\"invalid_token\"";
        return ApiProblem.WriteAsync(Context, StatusCodes.Status401Unauthorized, _fault ?? "Send an API key: Authorization: Bearer sk_… or X-API-Key.");
    }

    private string? Read()
    {
        var header = Request.Headers.Authorization.ToString();
        var bearer = header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? header[BearerPrefix.Length..].Trim() : null;
        var named = Request.Headers["X-API-Key"].ToString() is { Length: > 0 } value ? value.Trim() : null;
        return bearer is not null && named is not null && bearer != named
            ? throw Refusal.Invalid("X-API-Key", "Authorization and X-API-Key name different keys. Send one of them.")
            : bearer ?? named;
    }
}
