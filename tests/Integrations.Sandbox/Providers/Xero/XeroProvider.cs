using System.Collections.Concurrent;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Xero;

/// <summary>Xero: an identity server of its own, and an API that wants a tenant with every call.</summary>
internal sealed class XeroProvider : OAuthProvider
{
    // Beside the organisation of the consent each account has an older one, with rows of its own.
    private const int Earlier = 500;

    // Connections that the app deleted, until the next consent.
    private readonly ConcurrentDictionary<string, bool> _removed = new(StringComparer.Ordinal);

    public XeroProvider(TimeProvider time)
        : base("xero", "Xero", time) => Control.Data.Hold(XeroTypes.All);

    public override OAuthRules Rules { get; } = new()
    {
        AuthorizePath = "/identity/connect/authorize",
        TokenPath = "/connect/token",
        ClientAuth = ClientAuth.BasicOrBody,
        TakesPkce = true,
        Scopes = XeroScopes.All,
        Rotation = Rotation.Grace,
        AccessLifetime = TimeSpan.FromMinutes(30),
    };

    protected override string? RevocationPath => "/connect/revocation";

    public override bool GivesRefreshToken(AuthorizationCode code) => code.Request.Scopes.Contains("offline_access", StringComparer.Ordinal);

    public override string MakeAccessToken(Grant grant, string seed) => XeroToken.Make(grant, seed, ClientId, Time.GetUtcNow());

    public override IEnumerable<KeyValuePair<string, string?>> Denial() => [new("error", "access_denied"), new("error_description", "TenantConsent status DENIED")];

    public override IEnumerable<KeyValuePair<string, string?>> CallbackExtras(AuthorizationCode code)
    {
        _removed.Clear();
        return [new("scope", string.Join(' ', code.Request.Scopes)), new("session_state", Mint.Letters(40, code.Value))];
    }

    public override IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh)
    {
        Dictionary<string, object> body = new(StringComparer.Ordinal)
        {
            ["access_token"] = access.Value,
            ["expires_in"] = 1800,
            ["token_type"] = "Bearer",
            ["scope"] = string.Join(' ', access.Grant.Scopes),
        };
        if (refresh is not null)
        {
            body["refresh_token"] = refresh.Value;
        }

        return Answer.Json(body);
    }

    // An identity server of this make answers 400 to everything, and gives no description.
    public override IResult TokenError(HttpContext context, TokenFault fault, string description) => fault == TokenFault.TemporarilyUnavailable
        ? base.TokenError(context, fault, description)
        : Answer.Json(new { error = Code(fault) }, StatusCodes.Status400BadRequest);

    public override IResult RateLimited(HttpContext context, string? retryAfter)
    {
        base.RateLimited(context, retryAfter);
        context.Response.Headers["X-Rate-Limit-Problem"] = "minute";
        return Answer.Text("", StatusCodes.Status429TooManyRequests);
    }

    public override IResult NotFound(HttpContext context) => Answer.Text("The resource you're looking for cannot be found", StatusCodes.Status404NotFound);

    protected override void MapApi(ProviderRoutes routes)
    {
        routes.Post("/connect/revocation", RevokeAsync);
        routes.Get("/connections", With(Connections));
        routes.Delete("/connections/{id}", With(Disconnect));
        routes.Get("/api.xro/2.0/Organisation", With((context, token) => InTenantAsync(context, token, tenant => Task.FromResult(Organisation(tenant))), "accounting.settings", "accounting.settings.read"));
        new XeroData(Control, Time).Map(routes.Data, (handler, scopes) => With(
            (context, token) => InTenantAsync(context, token, tenant => handler(
                context, Control.Data.Of(token.Grant.Account.Number + (tenant.TenantId == XeroTenant.Of(token.Grant)[1].TenantId ? 0 : Earlier)))),
            scopes));
    }

    protected override IResult Refuse(HttpContext context, AccessRefusal refusal, string detail)
    {
        if (refusal == AccessRefusal.MissingScope)
        {
            context.Response.Headers.WWWAuthenticate = "insufficient_scope";
        }

        return Problem(StatusCodes.Status401Unauthorized, "Unauthorized", refusal switch
        {
            AccessRefusal.Expired => "TokenExpired: token expired",
            AccessRefusal.MissingScope => "AuthorizationUnsuccessful",
            _ => "AuthenticationUnsuccessful",
        });
    }

    private async Task<IResult> RevokeAsync(HttpContext context)
    {
        var read = await TokenForm.ReadAsync(context.Request, queryIsRead: false);
        if (new ClientCheck(this).Check(context.Request, read.Form) is { } refused)
        {
            var answer = TokenError(context, refused.Fault, refused.Rule);
            return refused.IsViolation ? Violation(context, refused.Rule, answer) : answer;
        }

        // RFC 7009: a token that is not known any more is no error. With the grant go all the user's connections to the app.
        if (Control.Grants.FindRefresh(read.Form.GetValueOrDefault("token", "")) is { } token)
        {
            Control.Grants.Revoke(token.Grant);
        }

        return Answer.Text("");
    }

    private IResult Connections(HttpContext context, AccessToken token)
    {
        var asked = context.Request.Query["authEventId"].ToString();
        return Answer.Json(XeroTenant.Of(token.Grant)
            .Where(tenant => !_removed.ContainsKey(tenant.ConnectionId) && (asked.Length == 0 || tenant.AuthEventId == asked))
            .Select(tenant => tenant.Connection()));
    }

    private IResult Disconnect(HttpContext context, AccessToken token)
    {
        var id = context.Request.RouteValues["id"]?.ToString() ?? "";
        return XeroTenant.Of(token.Grant).Any(tenant => tenant.ConnectionId == id) && _removed.TryAdd(id, true)
            ? Answer.Status(StatusCodes.Status204NoContent)
            : Problem(StatusCodes.Status404NotFound, "Not Found", "ConnectionNotFound");
    }

    private async Task<IResult> InTenantAsync(HttpContext context, AccessToken token, Func<XeroTenant, Task<IResult>> answer)
    {
        context.Response.Headers["X-MinLimit-Remaining"] = "59";
        context.Response.Headers["X-DayLimit-Remaining"] = "4999";
        context.Response.Headers["X-AppMinLimit-Remaining"] = "9999";
        if (context.Request.Headers["xero-tenant-id"].ToString() is not { Length: > 0 } id)
        {
            return Violation(context, "xero-tenant-id is missing", Problem(StatusCodes.Status403Forbidden, "Forbidden", "AuthenticationUnsuccessful"));
        }

        var tenant = XeroTenant.Of(token.Grant).FirstOrDefault(tenant => tenant.TenantId == id && !_removed.ContainsKey(tenant.ConnectionId));
        if (tenant is null)
        {
            return Problem(StatusCodes.Status403Forbidden, "Forbidden", "AuthenticationUnsuccessful");
        }

        // XML is what Xero answers unless it is asked for JSON (unverified, but a client that relies on the opposite would break).
        return context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? await answer(tenant)
            : Violation(context, "without Accept: application/json the answer is XML", Answer.Text("<Response />", type: "text/xml; charset=utf-8"));
    }

    private IResult Organisation(XeroTenant tenant) => Answer.Json(new
    {
        Id = Mint.Guid(tenant.TenantId, "answer"),
        Status = "OK",
        ProviderName = "Integrations",
        DateTimeUTC = $"/Date({Time.GetUtcNow().ToUnixTimeMilliseconds()})/",
        Organisations = new[]
        {
            new
            {
                OrganisationID = tenant.TenantId, tenant.Name, LegalName = tenant.Name + " Ltd", PaysTax = true, Version = "GLOBAL", OrganisationType = "COMPANY",
                BaseCurrency = "USD", CountryCode = "US", IsDemoCompany = false, OrganisationStatus = "ACTIVE", ShortCode = "!" + Mint.Hex(5, tenant.TenantId), Timezone = "UTC",
            },
        },
    });

    private static IResult Problem(int status, string title, string detail) => Answer.Json(
        new { Type = (string?)null, Title = title, Status = status, Detail = detail, Instance = Mint.Guid("xero", detail), Extensions = new { } }, status);
}
