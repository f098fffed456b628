using System.Net;
using Integrations.Core.Providers;

namespace Integrations.Web.Connections;

/// <summary>Draws a provider's tile: our own square with letters, in place of a logo.</summary>
internal static class ProviderTileSvg
{
    public static string Draw(ProviderTile tile, string name) =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img" aria-label="{WebUtility.HtmlEncode(name)}"><rect width="48" height="48" rx="8" fill="{tile.Color}"/><text x="24" y="31" text-anchor="middle" font-family="system-ui, sans-serif" font-size="20" font-weight="600" fill="#fff">{WebUtility.HtmlEncode(tile.Symbol)}</text></svg>
        """;
}
