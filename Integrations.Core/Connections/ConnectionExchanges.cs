using Integrations.Core.Providers;

namespace Integrations.Core.Connections;

/// <summary>Makes the exchange with a provider's authorization server for an organization.</summary>
public sealed class ConnectionExchanges(OAuthClients clients, ProviderDirectory directory, ProviderPipeline pipeline)
{
    /// <returns>Null when the organization has no OAuth client for the provider.</returns>
    internal async Task<OAuthExchange?> OpenAsync(Guid organization, Connector connector, IReadOnlyDictionary<string, string> facts, CancellationToken cancellationToken) =>
        await clients.FindAsync(organization, connector, cancellationToken) is { } client
            ? new OAuthExchange(connector, directory.UrlsOf(connector), client, clients.RedirectUri(connector), (request, token) => pipeline.SendOnceAsync(connector, request, token)) { Facts = facts }
            : null;
}
