namespace Integrations.Sandbox.Providers.OAuth;

/// <summary>A provider with an OAuth server. What the providers have in common is in <see cref="AuthorizeEndpoint"/> and <see cref="TokenEndpoint"/>; what is their own is overridden.</summary>
internal abstract class OAuthProvider(string key, string name, TimeProvider time) : SandboxProvider(key, name, time)
{
    public abstract OAuthRules Rules { get; }

    public string ClientId => $"sandbox-{Key}-client";

    public string ClientSecret => $"sandbox-{Key}-secret";

    /// <summary>Where the hub revokes; null when the provider has no such place.</summary>
    protected virtual string? RevocationPath => null;

    public override IEnumerable<(string Name, string Value)> Settings()
    {
        yield return ("AuthorizationUrl", BaseUrl + Rules.AuthorizePath);
        yield return ("TokenUrl", BaseUrl + Rules.TokenPath);
        if (RevocationPath is { } revocation)
        {
            yield return ("RevocationUrl", BaseUrl + revocation);
        }

        yield return ("ApiBaseUrl", BaseUrl);
        yield return ("ClientId", ClientId);
        yield return ("ClientSecret", ClientSecret);
    }

    public override void Map(ProviderRoutes routes)
    {
        new AuthorizeEndpoint(this).Map(routes);
        new TokenEndpoint(this, Time).Map(routes);
        MapApi(routes);
    }

    /// <summary>Null when the parameters of the provider's own are right.</summary>
    public virtual string? CheckAuthorize(AuthorizeRequest request) => null;

    /// <summary>What comes back to the app beside code and state.</summary>
    public virtual IEnumerable<KeyValuePair<string, string?>> CallbackExtras(AuthorizationCode code) => [];

    /// <summary>What comes back when the person denies.</summary>
    public virtual IEnumerable<KeyValuePair<string, string?>> Denial() => [new("error", "access_denied")];

    /// <summary>For Meta, which ends the address with <c>#_</c>.</summary>
    public virtual string CallbackFragment => "";

    /// <summary>The client's credentials in the body, under other names than usual, are read here.</summary>
    public virtual (string? Id, string? Secret) ReadBodyClient(IReadOnlyDictionary<string, string> form) =>
        (form.GetValueOrDefault("client_id"), form.GetValueOrDefault("client_secret"));

    /// <summary>Whether the client may go without its secret, having proved itself by PKCE.</summary>
    public virtual bool SecretIsOptional(IReadOnlyDictionary<string, string> form) => false;

    public virtual bool GivesRefreshToken(AuthorizationCode code) => true;

    public virtual string MakeRefreshToken(string seed) => Mint.Letters(48, seed, "refresh");

    public virtual string TokenKind => "user";

    public abstract string MakeAccessToken(Grant grant, string seed);

    /// <param name="refresh">Null when none is given with this answer.</param>
    public abstract IResult Tokens(HttpContext context, AccessToken access, RefreshToken? refresh, bool isRefresh);

    /// <summary>Null when the account's codes and refresh tokens may be traded in at this place.</summary>
    public virtual string? CheckPlace(HttpContext context, SandboxAccount account) => null;

    /// <summary>Where the token endpoint is too, for a provider with several regions.</summary>
    public virtual IEnumerable<string> MoreTokenPaths => [];

    /// <summary>Whether a refresh that does not rotate answers with the refresh token all the same.</summary>
    public virtual bool RepeatsRefreshToken => false;

    /// <summary>Other grant types than code and refresh, such as Meta's exchange; null when unknown.</summary>
    public virtual IResult? OtherGrant(HttpContext context, string grantType, IReadOnlyDictionary<string, string> form) => null;

    /// <summary>Whether the provider has refresh tokens at all.</summary>
    public virtual bool HasRefreshGrant => true;

    public virtual Rotation Rotation => Rules.Rotation;

    public virtual TimeSpan? AccessLifetime => Rules.AccessLifetime;

    /// <summary>As RFC 6749 has it, where the provider has no other way.</summary>
    public virtual IResult TokenError(HttpContext context, TokenFault fault, string description) => fault switch
    {
        TokenFault.TemporarilyUnavailable => Answer.Json(new { error = "temporarily_unavailable" }, StatusCodes.Status503ServiceUnavailable),
        TokenFault.InvalidClient or TokenFault.WrongClientAuth =>
            Answer.Json(new { error = "invalid_client", error_description = description }, StatusCodes.Status401Unauthorized),
        _ => Answer.Json(new { error = Code(fault), error_description = description }, StatusCodes.Status400BadRequest),
    };

    protected abstract void MapApi(ProviderRoutes routes);

    protected static string Code(TokenFault fault) => fault switch
    {
        TokenFault.InvalidClient or TokenFault.WrongClientAuth => "invalid_client",
        TokenFault.UnsupportedGrantType => "unsupported_grant_type",
        TokenFault.InvalidRequest => "invalid_request",
        TokenFault.InvalidScope => "invalid_scope",
        TokenFault.TemporarilyUnavailable => "temporarily_unavailable",
        _ => "invalid_grant",
    };
}
