using Integrations.Web.Connections;

namespace Integrations.Web.Help;

/// <summary>A page of the help.</summary>
/// <param name="Keywords">What people type who look for it and do not know its title.</param>
internal sealed record HelpEntry(string Href, string Title, Type Page, string Keywords)
{
    /// <summary>The page's parameters, where one page serves many entries.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);
}

/// <summary>The pages of the help, in the order in which its navigation shows them. A line here puts a page into the navigation, the search and the command palette.</summary>
internal static class HelpPages
{
    public static IReadOnlyList<HelpEntry> All { get; } =
    [
        new("/help", "Publish and receive", typeof(HelpPage), "help overview start curl api publish event"),
        new("/help/webhooks", "What a delivery is", typeof(DeliveryPage), "webhook headers body payload answer duplicates ordering key"),
        new("/help/verify", "Verify signatures", typeof(VerifyPage), "signature secret hmac standard webhooks rotation key pair public key ed25519 sample c# node python go"),
        new("/help/retries", "Retries and replays", typeof(RetriesPage), "retry retries replay backoff time-out rate limit circuit breaker switched off 410"),
        new("/help/filters", "Filters", typeof(FiltersPage), "filter condition expression payload data subscribe"),
        new("/help/schemas", "Schemas", typeof(SchemasPage), "json schema validate event type warn enforce"),
        new("/help/providers", "Providers", typeof(ProvidersHelpPage), "connect integration oauth client api key redirect uri scopes permissions"),
        new("/help/syncs", "Syncs and records", typeof(SyncsHelpPage), "sync contacts invoices payments conflict schedule cron delete mapping csv import export"),
        new("/help/troubleshooting", "Troubleshooting", typeof(TroubleshootingPage), "error failed signature does not match duplicates late localhost allowed networks"),
    ];

    /// <summary>One page for each provider, reached from that of all of them.</summary>
    public static IReadOnlyList<HelpEntry> Providers { get; } =
    [
        .. KnownProviders.Catalog.All.Select(connector => new HelpEntry(
            $"/help/providers/{connector.Info.Key}", $"Connect {connector.Info.Name}", typeof(ProviderHelpPage),
            $"{connector.Info.Key} {string.Join(' ', connector.Info.Aliases)} connect oauth client api key redirect uri scopes permissions")
        {
            Parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ProviderHelpPage.Key)] = connector.Info.Key },
        }),
    ];

    /// <summary>What the search and the command palette find.</summary>
    public static IReadOnlyList<HelpEntry> Searched { get; } = [.. All, .. Providers];
}
