using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Webhooks.Filters;

namespace Integrations.Core.Webhooks;

/// <summary>Finds everything wrong with an endpoint's input.</summary>
internal static class WebhookInputCheck
{
    private const int MaxEvents = 100;
    private const int MaxDelays = WebhookLimits.MaxDelays;
    private const int MaxDelaySeconds = WebhookLimits.MaxDelaySeconds;
    private const int MaxRate = WebhookLimits.MaxRatePerSecond;
    private const int MaxInFlight = WebhookLimits.MaxInFlight;

    /// <param name="isNew">Whether the members that every endpoint needs must be there.</param>
    /// <param name="definedTypes">The organization's own event types.</param>
    public static void Check(WebhookInput input, bool isNew, IReadOnlySet<string> definedTypes, Faults faults)
    {
        faults.AddIf((isNew || input.Url is not null) && string.IsNullOrWhiteSpace(input.Url), "url", "url is required: the address that receives the events.");
        faults.AddIf(input.Url?.Length > WebhookOptions.MaxUrlLength, "url", $"url may have at most {WebhookOptions.MaxUrlLength} characters.");
        CheckEvents(input.Events, isNew, definedTypes, faults);
        faults.AddIf(
            input.Description?.Length > WebhookOptions.MaxDescriptionLength, "description", $"description may have at most {WebhookOptions.MaxDescriptionLength} characters.");
        faults.AddIf(
            input.TimeoutSeconds is < WebhookLimits.MinTimeoutSeconds or > WebhookLimits.MaxTimeoutSeconds,
            "timeoutSeconds",
            $"timeoutSeconds must be between {WebhookLimits.MinTimeoutSeconds} and {WebhookLimits.MaxTimeoutSeconds}.");
        if (input.Secret is { } secret)
        {
            faults.AddIf(!isNew, "secret", "secret cannot be changed here; rotate it instead.");
            if (WebhookSecret.WhyNot(secret) is { } reason)
            {
                faults.Add("secret", reason);
            }
        }

        faults.AddIf(!isNew && input.SignatureType is not null, "signatureType", "signatureType cannot be changed here; rotate the secret instead.");
        CheckSignatureType(input.SignatureType, input.Secret, faults);
        if (input.Headers is { } headers)
        {
            WebhookHeaders.Check(headers, faults);
        }

        if (input.SignatureHeader is { } name)
        {
            WebhookHeaders.CheckSignatureHeader(name, faults);
        }

        CheckRetry(input.Retry, faults);
        if (Filter(input) is not null && PayloadFilter.Parse(input.Filter!, out var fault) is null)
        {
            faults.Add("filter", fault!.Message);
        }

        faults.AddIf(
            input.RateLimitPerSecond is < 0 or > MaxRate, "rateLimitPerSecond", $"rateLimitPerSecond must be between 1 and {MaxRate} requests a second, or 0 for no limit.");
        faults.AddIf(input.MaxInFlight is < 0 or > MaxInFlight, "maxInFlight", $"maxInFlight must be between 1 and {MaxInFlight} requests, or 0 for the hub's default.");
        CheckOrdering(input.Ordering, faults);
        CheckCircuit(input.CircuitBreaker, faults);
    }

    /// <summary>Adds what is wrong with how deliveries are to be signed.</summary>
    public static void CheckSignatureType(string? type, string? secret, Faults faults)
    {
        if (type is null)
        {
            return;
        }

        faults.AddIf(type is not (WebhookOptions.SharedSecret or WebhookOptions.KeyPair), "signatureType", "signatureType must be hmac256 or ed25519.");
        faults.AddIf(
            secret is not null && type is WebhookOptions.SharedSecret or WebhookOptions.KeyPair && (type == WebhookOptions.KeyPair) != secret.StartsWith(WebhookSecret.PrivateKeyPrefix, StringComparison.Ordinal),
            "signatureType",
            $"The secret is not of this type: a key pair begins with {WebhookSecret.PrivateKeyPrefix}, a shared secret does not.");
    }

    /// <summary>The secret that a checked input stands for: the caller's own, or a new one.</summary>
    public static WebhookSecret Secret(string? secret, string? type, SignatureType otherwise = default) =>
        secret is not null ? WebhookSecret.Parse(secret) : WebhookSecret.New(type is null ? otherwise : type == WebhookOptions.KeyPair ? SignatureType.Ed25519 : SignatureType.Hmac256);

    /// <summary>The filter that an input sets; null for none.</summary>
    public static string? Filter(WebhookInput input) => input.Filter?.Trim() is { Length: > 0 } filter ? filter : null;

    /// <summary>The mode that a checked input stands for.</summary>
    public static OrderingMode Mode(OrderingInput ordering) => ordering.Mode switch
    {
        "block" => OrderingMode.Block,
        "skip" => OrderingMode.Skip,
        _ => OrderingMode.None,
    };

    /// <summary>The endpoint's time-out, or the default.</summary>
    public static int Timeout(WebhookInput input) => input.TimeoutSeconds ?? WebhookLimits.DefaultTimeoutSeconds;

    /// <summary>The delays that a checked input stands for.</summary>
    public static List<int> Delays(RetryInput? retry) => retry switch
    {
        { Delays: { } delays } => [.. delays],
        { Preset: WebhookOptions.ExtendedRetry } => [.. WebhookOptions.ExtendedRetryDelays],
        _ => [.. WebhookOptions.StandardRetryDelays],
    };

    private static void CheckEvents(IReadOnlyList<string>? events, bool isNew, IReadOnlySet<string> definedTypes, Faults faults)
    {
        if (events is null || events.Count == 0)
        {
            faults.AddIf(isNew || events is not null, "events", "events must name at least one event type, or * for all.");
            return;
        }

        faults.AddIf(events.Count > MaxEvents, "events", $"events may name at most {MaxEvents}; use a family such as invoice.* or *.");
        for (var i = 0; i < events.Count; i++)
        {
            var pattern = EventTypeName.Resolve(events[i] ?? "");
            if (!EventPattern.IsWellFormed(pattern))
            {
                faults.Add($"events[{i}]", $"{events[i]} is not an event type. Use a dotted name such as invoice.paid, a family such as invoice.*, or *.");
            }
            else
            {
                faults.AddIf(!IsKnown(pattern, definedTypes), $"events[{i}]", $"The event type {events[i]} is not known. GET /api/event-types lists all; define your own there, or use custom.*.");
            }
        }

        faults.AddIf(events.Distinct(StringComparer.Ordinal).Count() != events.Count, "events", "events names a type twice.");
    }

    /// <summary>Whether a resolved pattern can match a type that there is.</summary>
    internal static bool IsKnown(string pattern, IReadOnlySet<string> definedTypes) =>
        pattern == EventPattern.All
        || pattern.StartsWith(EventTypeName.CustomPrefix, StringComparison.Ordinal)
        || EventCatalogue.All.Any(type => EventPattern.Matches(pattern, type.Name))
        || definedTypes.Any(type => EventPattern.Matches(pattern, type));

    private static void CheckRetry(RetryInput? retry, Faults faults)
    {
        if (retry is null)
        {
            return;
        }

        faults.AddIf(retry.Preset is null == retry.Delays is null, "retry", "retry takes either preset or delays.");
        faults.AddIf(retry.Preset is not (null or WebhookOptions.StandardRetry or WebhookOptions.ExtendedRetry), "retry.preset", "preset must be standard or extended.");
        faults.AddIf(retry.Delays?.Count > MaxDelays, "retry.delays", $"delays may hold at most {MaxDelays} waits.");
        faults.AddIf(retry.Delays?.Any(delay => delay is < 1 or > MaxDelaySeconds) == true, "retry.delays", $"Each of delays must be between 1 and {MaxDelaySeconds} seconds.");
    }

    private static void CheckOrdering(OrderingInput? ordering, Faults faults)
    {
        if (ordering is null)
        {
            return;
        }

        faults.AddIf(ordering.Mode is not ("none" or "block" or "skip"), "ordering.mode", "mode must be none, block or skip.");
        faults.AddIf(
            ordering.Mode == "skip" && ordering.SkipAfter is not (>= 1 and <= MaxDelays), "ordering.skipAfter", $"skipAfter must be between 1 and {MaxDelays} failed tries.");
        faults.AddIf(ordering.Mode != "skip" && ordering.SkipAfter is not null, "ordering.skipAfter", "skipAfter is only for the mode skip.");
    }

    private static void CheckCircuit(CircuitInput? circuit, Faults faults)
    {
        if (circuit is null || circuit is { Failures: 0, Seconds: null })
        {
            return;
        }

        faults.AddIf(
            circuit.Failures is not (>= WebhookLimits.MinCircuitFailures and <= WebhookLimits.MaxCircuitFailures),
            "circuitBreaker.failures",
            $"failures must be between {WebhookLimits.MinCircuitFailures} and {WebhookLimits.MaxCircuitFailures} failed tries in a row, or 0 for no breaker.");
        faults.AddIf(
            circuit.Seconds is not (>= WebhookLimits.MinCircuitSeconds and <= WebhookLimits.MaxCircuitSeconds),
            "circuitBreaker.seconds",
            $"seconds must be between {WebhookLimits.MinCircuitSeconds} and {WebhookLimits.MaxCircuitSeconds}.");
    }
}
