using System.Collections.Concurrent;

namespace Integrations.Core.Providers;

/// <summary>Sends a request for a session: adds the credential, keeps the provider's limits, tries again what may be tried again.</summary>
/// <exception cref="ProviderFault">The provider did not do it.</exception>
public delegate Task<ProviderAnswer> ProviderSend(ProviderSession session, ProviderRequest request, CancellationToken cancellationToken);

/// <summary>One use of a connection's access to its provider: what a connector works with.</summary>
public sealed class ProviderSession(Connector connector, ProviderUrls urls, AuthMode mode, ProviderCredential credential, ProviderSend send)
{
    public Connector Connector { get; } = connector;

    public ProviderUrls Urls { get; } = urls;

    public AuthMode Mode { get; } = mode;

    /// <summary>The present credential; another after a refresh.</summary>
    public ProviderCredential Credential { get; set; } = credential;

    /// <summary>Facts of the connection that are no secrets: realm, tenant, instance URL.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The connection's own settings by the names of <see cref="Connector.Settings"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the connector learnt during this use and need not ask again, such as a page's own token. Never stored.</summary>
    public IDictionary<string, string> Notes { get; } = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long the caller waits in all for a provider that asks to come back later.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock, for credentials that sign the time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="ProviderFault">The fact is missing, which a new connection mends.</exception>
    public string Fact(string name) => Facts.TryGetValue(name, out var value)
        ? value
        : throw new ProviderFault(ProviderFaultKind.Refused, $"The connection does not know its {name}. Connect {Connector.Info.Name} again.");

    /// <summary>The setting, its default, or null.</summary>
    public string? Setting(string name) => Settings.TryGetValue(name, out var value) && value.Length > 0
        ? value
        : Connector.Settings.FirstOrDefault(setting => setting.Name == name)?.Default;

    /// <exception cref="ProviderFault">The provider did not do it.</exception>
    public Task<ProviderAnswer> SendAsync(ProviderRequest request, CancellationToken cancellationToken) => send(this, request, cancellationToken);

    public Task<ProviderAnswer> GetAsync(string url, CancellationToken cancellationToken) => SendAsync(ProviderRequest.Get(url), cancellationToken);
}
