using Integrations.Core.Webhooks;

namespace Integrations.Web.Webhooks;

/// <summary>Where an endpoint stands, in the words of its badge and one sentence.</summary>
public static class EndpointWords
{
    public static string Status(WebhookDetail endpoint) => endpoint switch
    {
        { IsActive: false } => "Switched off",
        { CircuitOpenUntil: not null } => "Resting",
        { Health.FailedInARow: > 0 } => "Failing",
        _ => "Active",
    };

    /// <summary>What the badge does not say, or null when it says all.</summary>
    public static string? Reason(WebhookDetail endpoint) => endpoint switch
    {
        { IsActive: false, DisabledReason: { Length: > 0 } reason } => reason,
        { IsActive: false } => "A member switched it off.",
        { Health.FailedInARow: 1 } => "The last delivery failed.",
        { Health.FailedInARow: >= WebhookLimits.FailuresToWarn and var failed } => $"The last {failed} deliveries failed. After {WebhookLimits.FailuresToSwitchOff} in a row the endpoint is switched off.",
        { Health.FailedInARow: > 1 and var failed } => $"The last {failed} deliveries failed.",
        _ => null,
    };

    /// <summary>What holds deliveries back on purpose; empty when nothing does.</summary>
    public static string Limits(WebhookDetail endpoint)
    {
        List<string> limits = [];
        if (endpoint.RateLimitPerSecond is { } rate)
        {
            limits.Add(rate == 1 ? "1 request a second" : $"{rate:N0} requests a second");
        }

        if (endpoint.MaxInFlight is { } inFlight)
        {
            limits.Add($"{inFlight:N0} at once");
        }

        switch (endpoint.Ordering)
        {
            case OrderingMode.Block:
                limits.Add("in order by key, a failure blocks");
                break;
            case OrderingMode.Skip:
                limits.Add($"in order by key, passed by after {endpoint.OrderingSkipAfter} failed tries");
                break;
        }

        if (endpoint.CircuitFailures is { } failures)
        {
            limits.Add($"rests {endpoint.CircuitSeconds} s after {failures} failed tries in a row");
        }

        var text = string.Join(" · ", limits);
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>The host, by which pages name an endpoint: whole URLs are long and often alike.</summary>
    public static string Name(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Authority : url;
}
