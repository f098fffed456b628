namespace Integrations.Core.Providers;

/// <summary>Where a provider is reached: the connector's own URLs, or those that the configuration puts in their place.</summary>
/// <param name="ApiBase">Without a slash at the end; null when it comes with each connection.</param>
/// <param name="Named">Further URLs by name, such as the host that takes files.</param>
/// <param name="Configured">Origins that the configuration names: they are trusted like the provider's own.</param>
public sealed record ProviderUrls(
    string? ApiBase, string? Authorization, string? Token, string? Revocation, IReadOnlyDictionary<string, string> Named, IReadOnlySet<string> Configured)
{
    /// <summary>Whether a URL leads to where the configuration says the provider is.</summary>
    public bool IsConfigured(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && Configured.Contains(uri.GetLeftPart(UriPartial.Authority));
}

/// <summary>The hub as a provider's OAuth client (RFC 6749, 2.2).</summary>
public sealed record OAuthClient(string Id, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"client {Id}";
}
