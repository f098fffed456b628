namespace Integrations.Core.Providers;

/// <summary>The secrets of one connection, in the clear. Lives in memory only while it is used; stored encrypted.</summary>
public sealed record ProviderCredential(IReadOnlyDictionary<string, string> Values)
{
    public const string AccessTokenName = "accessToken";
    public const string RefreshTokenName = "refreshToken";
    public const string ApiKeyName = "apiKey";

    public string? AccessToken => this[AccessTokenName];

    public string? RefreshToken => this[RefreshTokenName];

    public string? this[string name] => Values.GetValueOrDefault(name);

    /// <summary>The same with one value set.</summary>
    public ProviderCredential With(string name, string value) => new(new Dictionary<string, string>(Values, StringComparer.Ordinal) { [name] = value });

    /// <summary>Never the secrets: records print their members.</summary>
    public override string ToString() => $"credential ({string.Join(", ", Values.Keys)})";
}

/// <summary>What a token endpoint granted.</summary>
/// <param name="Lifetime">How long the access token lives, counted from before the request; null when it does not expire by time.</param>
/// <param name="Scopes">What was granted, as far as the answer tells; null for what was asked.</param>
/// <param name="Facts">What <see cref="OAuthMethod.TokenFacts"/> and the connector keep of the answer.</param>
public sealed record OAuthGrant(ProviderCredential Credential, TimeSpan? Lifetime, IReadOnlyList<string>? Scopes, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>Never the secrets.</summary>
    public override string ToString() => "grant";
}
