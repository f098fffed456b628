using System.Collections.Concurrent;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Tests.Providers;

/// <summary>Runs connectors as the hub does, through the real pipeline and real sockets, against a stand-in to which the settings point.</summary>
internal sealed class ProviderHarness : IDisposable
{
    public const string ClientId = "client-of-the-hub";
    public const string ClientSecret = "secret+of/the hub";
    private readonly ServiceProvider _services;
    private readonly ConcurrentQueue<ProviderCall> _calls = new();

    /// <param name="settings">As in the configuration: <c>Providers:stripe:ApiBaseUrl</c>.</param>
    public ProviderHarness(IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Security:AllowedNetworks:0"] = "127.0.0.0/8" })
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            .Build();
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(time ?? TimeProvider.System)
            .AddSecurity(configuration)
            .AddProviders()
            .BuildServiceProvider();
    }

    /// <summary>Every try so far, as whoever counts them hears of it.</summary>
    public IReadOnlyList<ProviderCall> Calls => [.. _calls];

    public ProviderDirectory Directory => _services.GetRequiredService<ProviderDirectory>();

    public ConnectorCatalog Catalog => _services.GetRequiredService<ConnectorCatalog>();

    /// <summary>Settings that put a stand-in in the place of everything that a connector calls: each URL keeps its path, below <paramref name="standIn"/>.</summary>
    /// <param name="standIn">Without a slash at the end.</param>
    public static Dictionary<string, string?> PointAt(Connector connector, string standIn)
    {
        var prefix = $"Providers:{connector.Info.Key}:";
        Dictionary<string, string?> settings = new(StringComparer.Ordinal);
        void Move(string name, string? url)
        {
            if (url is not null)
            {
                settings[prefix + name] = standIn + new Uri(url).AbsolutePath.TrimEnd('/');
            }
        }

        Move("ApiBaseUrl", connector.ApiBaseUrl);
        Move("AuthorizationUrl", connector.OAuth?.AuthorizationUrl);
        Move("TokenUrl", connector.OAuth?.TokenUrl);
        Move("RevocationUrl", connector.OAuth?.RevocationUrl);
        foreach (var (name, url) in connector.NamedUrls)
        {
            Move($"Urls:{name}", url);
        }

        return settings;
    }

    /// <summary>One use of a connection. Its calls go through the pipeline, as one connection's.</summary>
    public ProviderSession Session(
        Connector connector, AuthMode mode, IReadOnlyDictionary<string, string> credential, IReadOnlyDictionary<string, string>? facts = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var pipeline = _services.GetRequiredService<ProviderPipeline>();
        return new ProviderSession(
            connector, UrlsOf(connector), mode, new ProviderCredential(credential),
            (session, request, cancellationToken) => pipeline.SendAsync(Guid.Empty, session, request, _calls.Enqueue, cancellationToken))
        {
            Facts = facts ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Settings = settings ?? new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    /// <summary>One use with an access token alone.</summary>
    public ProviderSession Session(Connector connector, string accessToken, IReadOnlyDictionary<string, string>? facts = null, IReadOnlyDictionary<string, string>? settings = null) =>
        Session(connector, connector.OAuth is null ? AuthMode.Token : AuthMode.OAuth2, new Dictionary<string, string>(StringComparer.Ordinal) { [ProviderCredential.AccessTokenName] = accessToken }, facts, settings);

    /// <summary>One consent or refresh, as this client or one that the configuration names.</summary>
    public OAuthExchange Exchange(Connector connector, IReadOnlyDictionary<string, string>? facts = null, OAuthClient? client = null)
    {
        var pipeline = _services.GetRequiredService<ProviderPipeline>();
        return new OAuthExchange(
            connector, UrlsOf(connector), client ?? _services.GetRequiredService<ProviderDirectory>().ClientOf(connector) ?? new OAuthClient(ClientId, ClientSecret),
            $"https://hub.example/api/integrations/oauth/{connector.Info.Key}/callback", (request, cancellationToken) => pipeline.SendOnceAsync(connector, request, cancellationToken))
        {
            Facts = facts ?? new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    public ProviderUrls UrlsOf(Connector connector) => _services.GetRequiredService<ProviderDirectory>().UrlsOf(connector);

    public void Dispose() => _services.Dispose();
}
