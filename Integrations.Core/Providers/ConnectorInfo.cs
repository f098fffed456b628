namespace Integrations.Core.Providers;

/// <summary>By what the catalogue groups providers.</summary>
public enum ProviderCategory
{
    Payments,
    Accounting,
    Crm,
    EmailMarketing,
    Communication,
    CloudStorage,
    SocialMedia,
    Automation,
}

/// <summary>The square that stands for a provider where its logo would: drawn by us, so that no trademark is copied.</summary>
/// <param name="Symbol">One or two letters.</param>
/// <param name="Color">The background as <c>#rrggbb</c>, dark enough for white text (WCAG AA).</param>
public sealed record ProviderTile(string Symbol, string Color);

/// <summary>What a connector is, for people.</summary>
/// <param name="Key">Lower-case words with hyphens: <c>google-drive</c>. Stands in URLs, settings and the database, so it never changes.</param>
/// <param name="Description">What the provider does, in one sentence.</param>
/// <param name="Features">What connecting it is good for, in a word or two each.</param>
/// <param name="DocsUrl">The provider's own documentation of the API that the connector speaks.</param>
public sealed record ConnectorInfo(
    string Key, string Name, ProviderCategory Category, string Description, IReadOnlyList<string> Features, string DocsUrl, ProviderTile Tile)
{
    /// <summary>Other names by which programs may call it (<c>google</c>), lower case with hyphens.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>What its help page says: what to set up at the provider, and what the connector could not be sure of.</summary>
/// <param name="Steps">What to do at the provider, in order, each a sentence or two.</param>
/// <param name="Notes">Limits and facts that the provider's documentation leaves open.</param>
public sealed record ConnectorHelp(IReadOnlyList<string> Steps, IReadOnlyList<string> Notes);
