using Integrations.Web.Connections;
using Integrations.Web.Help;

namespace Integrations.Web.Layout;

/// <summary>What the command palette offers for a typed text: pages by name, pages of the help, or the thing that a pasted id belongs to.</summary>
public static class PaletteSearch
{
    public static IReadOnlyList<string> IdPrefixes { get; } = ["we_", "evt_", "dlv_", "key_", "aud_", "conn_", "sync_", "con_", "prd_", "inv_", "pay_", "rec_"];

    public static IReadOnlyList<NavItem> Find(string query)
    {
        var text = query.Trim();
        if (IdPrefixes.Any(prefix => text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return [new NavItem($"Go to {text}", $"/go/{Uri.EscapeDataString(text)}", "arrow-right", Group: 0)];
        }

        return [.. Navigation.Items
            .Where(item => item.Title.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => item.Title.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            .Concat(text.Length == 0 ? [] : FindProviders(text))
            .Concat(text.Length == 0 ? [] : FindHelp(text))];
    }

    private static IEnumerable<NavItem> FindProviders(string text) => KnownProviders.Catalog.All.Select(connector => connector.Info)
        .Where(info => info.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || info.Aliases.Any(alias => alias.Contains(text, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(info => info.Name.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
        .Select(info => new NavItem(info.Name, $"/integrations/{info.Key}", "integrations", Group: 0));

    // Whoever types a word into a search does not know under which title the help has it.
    private static IEnumerable<NavItem> FindHelp(string text) => HelpPages.Searched
        .Where(page => Array.TrueForAll(
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            word => page.Title.Contains(word, StringComparison.OrdinalIgnoreCase) || page.Keywords.Contains(word, StringComparison.OrdinalIgnoreCase)))
        .Select(page => new NavItem($"Help: {page.Title}", page.Href, "help", Group: 0, LeavesCircuit: true));
}
