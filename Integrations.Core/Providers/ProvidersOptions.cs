namespace Integrations.Core.Providers;

/// <summary>Section <c>Providers:{key}</c>: the hub's OAuth client at a provider, and other addresses than the provider's own, for tests and stand-ins.</summary>
public sealed class ProviderOptions
{
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? ApiBaseUrl { get; set; }

    public string? AuthorizationUrl { get; set; }

    public string? TokenUrl { get; set; }

    public string? RevocationUrl { get; set; }

    /// <summary>Further URLs by the names that the connector gives them.</summary>
    public Dictionary<string, string> Urls { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Another rate than the connector's; 0 for none. A text, so that a wrong one is told with all other faults.</summary>
    public string? RequestsPerMinute { get; set; }

    internal IEnumerable<(string Name, string? Value)> AllUrls() =>
    [
        (nameof(ApiBaseUrl), ApiBaseUrl), (nameof(AuthorizationUrl), AuthorizationUrl), (nameof(TokenUrl), TokenUrl), (nameof(RevocationUrl), RevocationUrl),
        .. Urls.Select(url => ($"Urls:{url.Key}", (string?)url.Value)),
    ];
}

/// <summary>Section <c>Providers</c>, by provider.</summary>
public sealed class ProvidersOptions() : Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);
