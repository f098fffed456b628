namespace Integrations.Web.Layout;

/// <summary>One entry of the left navigation; entries with the same group number stand together.</summary>
/// <param name="LeavesCircuit">It is a page without a circuit, which the browser itself has to load.</param>
public sealed record NavItem(string Title, string Href, string Icon, int Group, bool LeavesCircuit = false);

/// <summary>The pages of the product, in the order in which the navigation and the command palette show them.</summary>
public static class Navigation
{
    public static IReadOnlyList<NavItem> Items { get; } =
    [
        new("Overview", "/", "overview", 1),
        new("Integrations", "/integrations", "integrations", 1),
        new("Sync", "/sync", "sync", 1),
        new("Records", "/records", "records", 1),
        new("Webhooks", "/webhooks", "webhook", 2),
        new("Events", "/events", "event", 2),
        new("API keys", "/api-keys", "key", 3),
        new("Stored keys", "/stored-keys", "key", 3),
        new("Audit", "/audit", "audit", 4),
        new("Settings", "/settings", "settings", 4),
    ];
}
