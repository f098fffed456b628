using System.Globalization;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Web.Shared;

namespace Integrations.Web.Connections;

/// <summary>Providers and connections in words, the same on every page.</summary>
public static class ConnectionWords
{
    public static IReadOnlyList<FilterOption> Categories { get; } = [.. Enum.GetValues<ProviderCategory>().Select(category => new FilterOption(category.ToString(), ProviderWords.Category(category)))];

    /// <summary>Whether there is something that can be tested, changed and disconnected.</summary>
    public static bool IsLive(ConnectionDetail? connection) => connection is { Status: not (ConnectionStatus.Disconnected or ConnectionStatus.Pending) };

    public static bool NeedsAttention(ConnectionStatus status) =>
        status is ConnectionStatus.Degraded or ConnectionStatus.NeedsAuthorization or ConnectionStatus.ConfigurationError;

    /// <summary>Whether only a person can make it work again.</summary>
    public static bool NeedsPerson(ConnectionStatus status) => status is ConnectionStatus.NeedsAuthorization or ConnectionStatus.ConfigurationError;

    /// <summary>What follows from the status, or what somebody can do about it; null when all is well.</summary>
    public static string? NextStep(ConnectionDetail connection, DateTimeOffset now) => connection.Status switch
    {
        ConnectionStatus.Degraded => connection.CheckAt is { } next && next > now
            ? $"The hub tries again {Lower(RelativeWords.Until(next, now))}."
            : "The hub tries again now.",
        ConnectionStatus.NeedsAuthorization => "Reconnect it to go on; its settings and history stay.",
        ConnectionStatus.ConfigurationError => "An Owner corrects the OAuth client under Settings, Providers.",
        ConnectionStatus.Pending => "Somebody has begun to connect it and has not finished at the provider. Connect it to begin anew.",
        _ => null,
    };

    /// <summary>A way to connect, as a choice among several.</summary>
    public static string Method(AuthMode mode) => mode switch
    {
        AuthMode.OAuth2 => "Consent in the browser",
        AuthMode.ApiKey => "API key",
        AuthMode.Token => "Access token",
        _ => "Webhook URL",
    };

    /// <summary>Permissions in words; a name that the connector no longer knows stays as it is.</summary>
    public static IReadOnlyList<string> Permissions(Connector connector, IEnumerable<string> names) =>
        [.. names.Select(name => connector.Permissions.FirstOrDefault(permission => permission.Name == name)?.Words ?? name)];

    public static string Direction(SyncDirections directions) => directions switch
    {
        SyncDirections.Both => "Both ways",
        SyncDirections.Out => "To the provider",
        _ => "From the provider",
    };

    /// <summary>"25 requests a second, 10 at once".</summary>
    public static string Limit(ProviderRateLimit limit)
    {
        var atOnce = $"{Number(limit.Concurrent)} at once";
        if (limit.Requests == 0)
        {
            return $"No limit is known; {atOnce}";
        }

        var per = limit.Per.TotalSeconds switch
        {
            1 => "a second",
            60 => "a minute",
            3_600 => "an hour",
            86_400 => "a day",
            var seconds => $"in {Number(seconds)} s",
        };
        return $"{Number(limit.Requests)} {(limit.Requests == 1 ? "request" : "requests")} {per}, {atOnce}";
    }

    /// <summary>"4,980 of 5,000 left".</summary>
    public static string Quota(ProviderQuota quota) => quota.Limit is { } limit ? $"{Number(quota.Remaining)} of {Number(limit)} left" : $"{Number(quota.Remaining)} left";

    /// <summary>What a refused reconnection with another account says; programs are told the rest.</summary>
    public static string OtherAccount(string refusal) => refusal.Split(" Send replaceAccount", 2)[0];

    /// <summary>Who can enter a provider's OAuth client.</summary>
    public static string WhoSetsClients(Actor actor) => actor.Can(Permission.ProvidersWrite) ? "Enter its client id and secret." : "An Owner enters it under Settings, Providers.";

    public static string Number(double number) => number.ToString("N0", CultureInfo.CurrentCulture);

    private static string Lower(string words) => char.ToLowerInvariant(words[0]) + words[1..];
}
