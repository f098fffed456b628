namespace Integrations.Core.Webhooks.Delivery;

/// <summary>When to stop sending to an endpoint that fails, and for how long.</summary>
/// <param name="Failures">Failed tries in a row that open the circuit.</param>
/// <param name="Rest">How long nothing is sent before one try is let through.</param>
internal sealed record CircuitSettings(int Failures, TimeSpan Rest);

/// <summary>An endpoint as the dispatcher needs it, its secrets opened.</summary>
internal sealed record EndpointSettings
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string PublicId { get; init; }

    public required Uri Url { get; init; }

    public required bool IsActive { get; init; }

    public required Subscriptions Subscriptions { get; init; }

    /// <summary>Null when the endpoint was deleted or the secret cannot be opened.</summary>
    public WebhookSecret? Secret { get; init; }

    public WebhookSecret? PreviousSecret { get; init; }

    public DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required string SignatureHeader { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required IReadOnlyList<int> RetryDelays { get; init; }

    public int? MaxInFlight { get; init; }

    public int? RateLimitPerSecond { get; init; }

    public required EndpointOrder Order { get; init; }

    public CircuitSettings? Circuit { get; init; }

    /// <summary>Until when the circuit rests, as some node wrote it.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; init; }

    /// <summary>Why its secrets could not be opened; then nothing can be sent to it.</summary>
    public string? Fault { get; init; }

    /// <summary>The node that serves it, as its row says.</summary>
    public string? ServedBy { get; init; }

    public DateTimeOffset? ServedUntil { get; init; }

    /// <summary>Until when another node asks for it.</summary>
    public DateTimeOffset? WantedUntil { get; init; }

    /// <summary>Whether a delivery may be sent: tests go to endpoints that are switched off too, nothing goes to deleted ones.</summary>
    public bool CanTake(DeliveryTrigger trigger) => Secret is not null && (IsActive || trigger == DeliveryTrigger.Test);
}
