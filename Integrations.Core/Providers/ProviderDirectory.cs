using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Providers;

/// <summary>What the configuration says of each provider, laid over what its connector says.</summary>
public sealed class ProviderDirectory
{
    private readonly ConnectorCatalog _catalog;
    private readonly IConfiguration _configuration;
    private readonly IOptionsMonitor<ProvidersOptions> _options;
    private readonly Lazy<HashSet<string>> _trusted;

    public ProviderDirectory(ConnectorCatalog catalog, IConfiguration configuration, IOptionsMonitor<ProvidersOptions> options)
    {
        _catalog = catalog;
        _configuration = configuration;
        _options = options;
        _trusted = new Lazy<HashSet<string>>(CollectTrusted);
    }

    public ProviderUrls UrlsOf(Connector connector)
    {
        var set = OptionsOf(connector);
        var oauth = connector.OAuth;
        Dictionary<string, string> named = new(connector.NamedUrls, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, url) in set.Urls)
        {
            named[name] = url.TrimEnd('/');
        }

        return new ProviderUrls(
            Or(set.ApiBaseUrl, connector.ApiBaseUrl)?.TrimEnd('/'), Or(set.AuthorizationUrl, oauth?.AuthorizationUrl), Or(set.TokenUrl, oauth?.TokenUrl), Or(set.RevocationUrl, oauth?.RevocationUrl),
            named, set.AllUrls().Select(url => Origin(url.Value)).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The hub's OAuth client at a provider as the configuration or the environment gives it; null when neither does.</summary>
    public OAuthClient? ClientOf(Connector connector)
    {
        var set = OptionsOf(connector);
        if (set is { ClientId.Length: > 0, ClientSecret.Length: > 0 })
        {
            return new OAuthClient(set.ClientId, set.ClientSecret);
        }

        return connector.OAuth?.ClientEnvironment is { } names && _configuration[names.Id] is { Length: > 0 } id && _configuration[names.Secret] is { Length: > 0 } secret
            ? new OAuthClient(id, secret)
            : null;
    }

    public ProviderRateLimit LimitOf(Connector connector) =>
        int.TryParse(OptionsOf(connector).RequestsPerMinute, NumberStyles.None, CultureInfo.InvariantCulture, out var rate)
            ? connector.RateLimit with { Requests = rate, Per = TimeSpan.FromMinutes(1) }
            : connector.RateLimit;

    /// <summary>Whether a URL leads to a host that a connector or the configuration names: nobody who uses the hub typed it.</summary>
    public bool IsTrusted(Uri url) => _trusted.Value.Contains(url.GetLeftPart(UriPartial.Authority));

    private ProviderOptions OptionsOf(Connector connector) => _options.CurrentValue.GetValueOrDefault(connector.Info.Key) ?? new ProviderOptions();

    private HashSet<string> CollectTrusted() => _catalog.All.Select(UrlsOf)
        .SelectMany(urls => urls.Configured.Concat(new[] { urls.ApiBase, urls.Authorization, urls.Token, urls.Revocation }.Concat(urls.Named.Values).Select(Origin)))
        .OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static string? Or(string? set, string? own) => string.IsNullOrEmpty(set) ? own : set;

    private static string? Origin(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;
}
