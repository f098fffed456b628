using Integrations.Core.Connections;
using Integrations.Core.Providers;

namespace Integrations.Web.Connections;

/// <summary>Providers and connections in words, for pages and programs.</summary>
internal static class ProviderWords
{
    public static string Category(ProviderCategory category) => category switch
    {
        ProviderCategory.Crm => "CRM",
        ProviderCategory.EmailMarketing => "Email marketing",
        ProviderCategory.CloudStorage => "Cloud storage",
        ProviderCategory.SocialMedia => "Social media",
        _ => category.ToString(),
    };

    /// <summary>The category that a word stands for, or null.</summary>
    public static ProviderCategory? ParseCategory(string text)
    {
        foreach (var category in Enum.GetValues<ProviderCategory>())
        {
            if (Plain(Category(category)) == Plain(text) || Plain(category.ToString()) == Plain(text))
            {
                return category;
            }
        }

        return null;
    }

    public static string Mode(AuthMode mode) => mode switch
    {
        AuthMode.OAuth2 => "oauth2",
        AuthMode.ApiKey => "api_key",
        AuthMode.Token => "token",
        _ => "webhook_url",
    };

    public static IReadOnlyList<string> Directions(SyncDirections directions) =>
        [.. new[] { (SyncDirections.In, "in"), (SyncDirections.Out, "out") }.Where(pair => directions.HasFlag(pair.Item1)).Select(pair => pair.Item2)];

    /// <summary>The word of a status, the same on every page.</summary>
    public static string Status(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connected => "Active",
        ConnectionStatus.NeedsAuthorization => "Needs authorization",
        ConnectionStatus.ConfigurationError => "Configuration error",
        _ => status.ToString(),
    };

    /// <summary>The statuses that a word in a query stands for, older words included; null for a word that is none.</summary>
    public static IReadOnlyList<ConnectionStatus>? ParseStatus(string text) => Plain(text) switch
    {
        "active" or "connected" => [ConnectionStatus.Connected],
        "error" => [ConnectionStatus.Degraded, ConnectionStatus.NeedsAuthorization, ConnectionStatus.ConfigurationError],
        "inactive" or "revoked" or "disconnected" => [ConnectionStatus.Disconnected],
        var plain => Enum.GetValues<ConnectionStatus>().Where(status => Plain(status.ToString()) == plain).ToList() is { Count: 1 } found ? found : null,
    };

    private static string Plain(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
