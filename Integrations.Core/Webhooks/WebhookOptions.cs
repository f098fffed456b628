using System.ComponentModel.DataAnnotations;

namespace Integrations.Core.Webhooks;

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const int MaxUrlLength = 2000;
    public const int MaxDescriptionLength = 500;
    public const int MaxReasonLength = 500;
    public const int MaxFilterLength = 2000;
    public const string DefaultSignatureHeader = "X-Webhook-Signature";
    public const string SharedSecret = "hmac256";
    public const string KeyPair = "ed25519";
    public const string StandardRetry = "standard";
    public const string ExtendedRetry = "extended";

    /// <summary>Seconds before the second, third, fourth and fifth try.</summary>
    public static IReadOnlyList<int> StandardRetryDelays { get; } = [2, 4, 8, 16];

    /// <summary>The plan of the Standard Webhooks specification: ten tries in three days.</summary>
    public static IReadOnlyList<int> ExtendedRetryDelays { get; } = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400];

    /// <summary>The preset that a retry plan is: <c>standard</c>, <c>extended</c>, or null.</summary>
    public static string? PresetOf(IReadOnlyList<int> delays) => delays.SequenceEqual(StandardRetryDelays) ? StandardRetry : delays.SequenceEqual(ExtendedRetryDelays) ? ExtendedRetry : null;

    /// <summary>Tries at once in one process, from the request to the record of its outcome on disk: as many can come twice after a kill.</summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; set; } = 1_024;

    /// <summary>Requests under way at once to one endpoint that sets no cap of its own.</summary>
    [Range(1, 1_000)]
    public int MaxInFlightPerEndpoint { get; set; } = 32;

    /// <summary>
    /// Seconds for which a node serves an endpoint before it has to say so again: so long its deliveries wait after the node died. Must outlast the longest time-out of an
    /// endpoint (30 s).
    /// </summary>
    [Range(40, 3_600)]
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Seconds between looks at the queue when no signal came.</summary>
    [Range(1, 60)]
    public int PollSeconds { get; set; } = 1;

    /// <summary>Endpoints that an organization may have.</summary>
    [Range(1, 10_000)]
    public int MaxEndpoints { get; set; } = 20;

    /// <summary>Endpoints that an organization may add within a minute.</summary>
    [Range(1, 10_000)]
    public int MaxCreationsPerMinute { get; set; } = 20;
}
