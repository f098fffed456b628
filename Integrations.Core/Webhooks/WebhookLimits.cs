namespace Integrations.Core.Webhooks;

/// <summary>The bounds of an endpoint's settings, and the rules of retrying that no setting changes. The help tells them to receivers.</summary>
public static class WebhookLimits
{
    public const int DefaultTimeoutSeconds = 10;
    public const int MinTimeoutSeconds = 1;
    public const int MaxTimeoutSeconds = 30;

    /// <summary>Waits that a retry plan may hold: tries beyond the first.</summary>
    public const int MaxDelays = 15;
    public const int MaxDelaySeconds = 86_400;

    /// <summary>By how much chance lengthens a planned wait at most, as a part of it. It never shortens one.</summary>
    public const double Jitter = 0.1;

    /// <summary>The longest that an endpoint's <c>Retry-After</c> can hold a try back.</summary>
    public const int MaxRetryAfterHours = 24;

    /// <summary>Requests a second to one endpoint that can be asked for.</summary>
    public const int MaxRatePerSecond = 1000;

    /// <summary>Requests under way at once to one endpoint that can be asked for.</summary>
    public const int MaxInFlight = 100;

    /// <summary>Failed tries in a row after which a circuit breaker can be set to open.</summary>
    public const int MinCircuitFailures = 2;
    public const int MaxCircuitFailures = 100;

    /// <summary>How long an open circuit can be set to rest.</summary>
    public const int MinCircuitSeconds = 5;
    public const int MaxCircuitSeconds = 3600;

    /// <summary>Failed deliveries in a row that raise <c>webhook.endpoint.failing</c>.</summary>
    public const int FailuresToWarn = 5;

    /// <summary>Failed deliveries in a row that switch the endpoint off.</summary>
    public const int FailuresToSwitchOff = 10;
}
