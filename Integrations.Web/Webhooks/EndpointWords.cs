using Integrations.Core.Webhooks;

namespace Integrations.Web.Webhooks;

/// <summary>Where an endpoint stands, in the words of its badge and one sentence.</summary>
public static class EndpointWords
{
    public static string Status(WebhookDetail endpoint) => endpoint switch
    {
        { IsActive: false } => "Switched off",
        { Health.FailedInARow: > 0 } => "Failing",
        _ => "Active",
    };

    /// <summary>What the badge does not say, or null when it says all.</summary>
    public static string? Reason(WebhookDetail endpoint) => endpoint switch
    {
        { IsActive: false, DisabledReason: { Length: > 0 } reason } => reason,
        { IsActive: false } => "A member switched it off.",
        { Health.FailedInARow: 1 } => "The last delivery failed.",
        { Health.FailedInARow: > 1 and var failed } => $"The last {failed} deliveries failed.",
        _ => null,
    };

    /// <summary>The host, by which pages name an endpoint: whole URLs are long and often alike.</summary>
    public static string Name(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Authority : url;
}
