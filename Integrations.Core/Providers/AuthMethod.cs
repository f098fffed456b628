namespace Integrations.Core.Providers;

/// <summary>How a connection proves to its provider that it may act.</summary>
public enum AuthMode
{
    /// <summary>A person consents in the browser (RFC 6749, authorization code).</summary>
    OAuth2 = 0,

    /// <summary>Somebody made a key at the provider and gives it to the hub.</summary>
    ApiKey = 1,

    /// <summary>Somebody pastes a token that they got elsewhere.</summary>
    Token = 2,

    /// <summary>The provider gives a URL that receives events; nothing is read from it.</summary>
    WebhookUrl = 3,
}

/// <summary>One of the ways in which a provider can be connected.</summary>
public abstract record AuthMethod(AuthMode Mode);

/// <summary>How a client tells the token endpoint who it is (RFC 6749, 2.3.1).</summary>
public enum ClientAuthentication
{
    /// <summary><c>client_id</c> and <c>client_secret</c> in the form.</summary>
    Body,

    /// <summary>HTTP Basic.</summary>
    Basic,

    /// <summary>Only <c>client_secret</c> in the form: the secret names the client too.</summary>
    SecretOnly,
}

/// <summary>Consent by OAuth 2.0: the facts of one provider. What departs from RFC 6749 beyond these is overridden in its connector.</summary>
/// <param name="AuthorizationUrl">The consent page; <c>Providers:{key}:AuthorizationUrl</c> overrides it.</param>
/// <param name="TokenUrl">The token endpoint; <c>Providers:{key}:TokenUrl</c> overrides it.</param>
public sealed record OAuthMethod(string AuthorizationUrl, string TokenUrl) : AuthMethod(AuthMode.OAuth2)
{
    /// <summary>Where grants are revoked (RFC 7009 unless overridden); null when the provider has no such endpoint.</summary>
    public string? RevocationUrl { get; init; }

    /// <summary>Between scopes: a space by the RFC, a comma with some.</summary>
    public char ScopeSeparator { get; init; } = ' ';

    /// <summary>The name of the parameter that carries the scopes; null when the provider has none.</summary>
    public string? ScopeParameter { get; init; } = "scope";

    /// <summary>Asked for whatever the permissions are: to stay connected, to know the account.</summary>
    public IReadOnlyList<string> BaseScopes { get; init; } = [];

    /// <summary>PKCE with S256 (RFC 7636).</summary>
    public bool UsesPkce { get; init; }

    public ClientAuthentication ClientAuthentication { get; init; } = ClientAuthentication.Body;

    /// <summary>Further parameters of the consent page, such as <c>access_type=offline</c>.</summary>
    public IReadOnlyDictionary<string, string> AuthorizationParameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Query parameters of the callback to keep, such as <c>realmId</c>.</summary>
    public IReadOnlyList<string> CallbackFacts { get; init; } = [];

    /// <summary>Members of the token answer to keep, such as <c>instance_url</c>.</summary>
    public IReadOnlyList<string> TokenFacts { get; init; } = [];

    /// <summary>How long an access token lives when the answer does not say; null when it does not expire by time.</summary>
    public TimeSpan? DefaultLifetime { get; init; }

    /// <summary>How long before its end a credential is renewed, where that can only be done while it lives; null for the usual margin.</summary>
    public TimeSpan? RefreshAhead { get; init; }

    /// <summary>The issuer that the callback's <c>iss</c> must equal when it is there (RFC 9207).</summary>
    public string? Issuer { get; init; }

    /// <summary>Names in the environment of the client's id and secret, beside <c>Providers:{key}:ClientId</c> and <c>:ClientSecret</c>.</summary>
    public (string Id, string Secret)? ClientEnvironment { get; init; }
}

/// <summary>Fields that a person fills in: a key, a pasted token, or the parts of one.</summary>
public sealed record FieldsMethod(AuthMode Mode, IReadOnlyList<CredentialField> Fields) : AuthMethod(Mode);

/// <summary>A URL of the provider that receives events.</summary>
/// <param name="Pattern">The form of such a URL, as a regular expression; empty for any.</param>
/// <param name="Example">How such a URL looks, for the form.</param>
/// <param name="Help">Where in the provider it is found.</param>
public sealed record WebhookUrlMethod(string Pattern, string Example, string Help) : AuthMethod(AuthMode.WebhookUrl)
{
    /// <summary>The name, below <c>Providers:{key}:Urls</c>, of where a stand-in for the provider receives events.</summary>
    public const string StandInName = "hooks";

    /// <summary>How such a URL looks in this hub: below the stand-in, when there is one.</summary>
    public string ExampleFor(ProviderUrls urls) => urls.Named.TryGetValue(StandInName, out var hooks) ? hooks.TrimEnd('/') + "/123456" : Example;
}

/// <summary>One field of a credential.</summary>
/// <param name="Name">As in requests: <c>apiKey</c>.</param>
/// <param name="Label">As in forms.</param>
/// <param name="Pattern">The form of a good value, as an anchored regular expression; empty for any.</param>
/// <param name="Hint">What a good value looks like: "It begins with sk_live_ or sk_test_".</param>
public sealed record CredentialField(string Name, string Label, string Pattern, string Hint)
{
    /// <summary>Whether the value opens something: it is encrypted, never shown again and never logged. Others become facts of the connection.</summary>
    public bool IsSecret { get; init; } = true;

    public bool IsOptional { get; init; }

    /// <summary>Whether the value is a URL that the hub will call: the address guard and <see cref="Connector.WhyNotHost"/> must let it pass.</summary>
    public bool IsUrl { get; init; }

    /// <summary>Whether the value is a time in ISO 8601 at which the credential expires.</summary>
    public bool IsExpiry { get; init; }
}
