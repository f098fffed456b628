namespace Integrations.Core.Webhooks;

/// <summary>When failed tries are repeated: by a preset or by a list of one's own.</summary>
/// <param name="Preset"><c>standard</c> (after 2, 4, 8 and 16 s) or <c>extended</c> (nine more tries in three days).</param>
/// <param name="Delays">Seconds before the second, third … try; 0 to 15 of them, each 1 to 86,400.</param>
public sealed record RetryInput(string? Preset = null, IReadOnlyList<int>? Delays = null);

/// <summary>Whether deliveries with the same ordering key go one after the other.</summary>
/// <param name="Mode"><c>none</c>, <c>block</c> or <c>skip</c>.</param>
/// <param name="SkipAfter">With <c>skip</c>: failed tries after which the next may go, 1 to 15.</param>
public sealed record OrderingInput(string? Mode = null, int? SkipAfter = null);

/// <summary>When to rest an endpoint that fails.</summary>
/// <param name="Failures">Failed tries in a row that open the circuit, 2 to 100; 0 for no breaker.</param>
/// <param name="Seconds">How long it rests before one try is let through, 5 to 3,600.</param>
public sealed record CircuitInput(int? Failures = null, int? Seconds = null);

/// <summary>What a caller says of an endpoint. When one is changed, null leaves a member as it is.</summary>
public sealed record WebhookInput
{
    /// <summary>Absolute, https unless its address is on the allowed networks.</summary>
    public string? Url { get; init; }

    /// <summary>Types, families (<c>invoice.*</c>), <c>*</c> or aliases; at least one.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>The caller's own signing secret or key pair; taken at creation only.</summary>
    public string? Secret { get; init; }

    /// <summary><c>hmac256</c> (when not given) or <c>ed25519</c> (<see cref="Webhooks.SignatureType"/>); taken at creation only.</summary>
    public string? SignatureType { get; init; }

    public string? Description { get; init; }

    /// <summary>Headers to add to every request; replaces all that were set.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>1 to 30; 10 when not given.</summary>
    public int? TimeoutSeconds { get; init; }

    public RetryInput? Retry { get; init; }

    /// <summary>Requests a second at most, 1 to 1,000; 0 for no limit.</summary>
    public int? RateLimitPerSecond { get; init; }

    /// <summary>Requests under way at once at most, 1 to 100; 0 for the hub's default.</summary>
    public int? MaxInFlight { get; init; }

    public OrderingInput? Ordering { get; init; }

    public CircuitInput? CircuitBreaker { get; init; }

    /// <summary>The name of the header with the hex signature.</summary>
    public string? SignatureHeader { get; init; }

    /// <summary>An expression that an event has to meet to be delivered (<see cref="Filters.PayloadFilter"/>); an empty one takes the filter away.</summary>
    public string? Filter { get; init; }

    /// <summary>The connection that a new endpoint belongs to; no caller outside the hub names it.</summary>
    internal Guid? ConnectionId { get; init; }
}
