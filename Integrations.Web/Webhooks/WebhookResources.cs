using System.Text;
using System.Text.Json.Serialization;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Api;

namespace Integrations.Web.Webhooks;

/// <summary>When failed tries are repeated: <c>preset</c> (standard, extended) or <c>delays</c> in seconds.</summary>
internal sealed record RetryRequest(string? Preset = null, IReadOnlyList<int>? Delays = null);

/// <summary>Order by the events' <c>orderingKey</c>: <c>none</c>, <c>block</c> (a failed delivery holds its key back), or <c>skip</c> after <c>skipAfter</c> failed tries.</summary>
internal sealed record OrderingRequest(string? Mode = null, int? SkipAfter = null);

/// <summary>Rest the endpoint for <c>seconds</c> after <c>failures</c> failed tries in a row; <c>failures: 0</c> for no breaker.</summary>
internal sealed record CircuitBreakerRequest(int? Failures = null, int? Seconds = null);

/// <summary>Which event to test with: the example of a type, or of <c>webhook.endpoint.test</c> when absent. Receivers get it whether the endpoint subscribes to it or not.</summary>
internal sealed record SendTestRequest(string? Event = null);

/// <summary>A new secret: how long the old one signs too (24 hours unless given, 0 to 168), and, where it is not to be random, which.</summary>
/// <param name="SignatureType">hmac256 or ed25519; what the endpoint has when absent.</param>
internal sealed record RotateSecretRequest(int? OverlapHours = null, string? Secret = null, string? SignatureType = null);

/// <summary>An endpoint to create or change. When one is changed, what is absent stays.</summary>
/// <param name="SignatureType">hmac256 (by a shared secret; when absent) or ed25519 (by a key pair, whose public key the answer tells).</param>
/// <param name="Filter">An expression that an event has to meet to be delivered, such as <c>data.amount >= 100</c>; an empty text takes it away.</param>
internal sealed record WebhookRequest(
    string? Url = null,
    IReadOnlyList<string>? Events = null,
    bool? IsActive = null,
    bool? Active = null,
    string? Secret = null,
    string? SignatureType = null,
    string? Description = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    int? TimeoutSeconds = null,
    RetryRequest? Retry = null,
    string? SignatureHeader = null,
    int? RateLimitPerSecond = null,
    int? MaxInFlight = null,
    OrderingRequest? Ordering = null,
    CircuitBreakerRequest? CircuitBreaker = null,
    string? Filter = null)
{
    public WebhookInput ToInput() => new()
    {
        Url = Url,
        Events = Events,
        IsActive = IsActive ?? Active,
        Secret = Secret,
        SignatureType = SignatureType,
        Description = Description,
        Headers = Headers,
        TimeoutSeconds = TimeoutSeconds,
        Retry = Retry is null ? null : new RetryInput(Retry.Preset, Retry.Delays),
        SignatureHeader = SignatureHeader,
        RateLimitPerSecond = RateLimitPerSecond,
        MaxInFlight = MaxInFlight,
        Ordering = Ordering is null ? null : new OrderingInput(Ordering.Mode, Ordering.SkipAfter),
        CircuitBreaker = CircuitBreaker is null ? null : new CircuitInput(CircuitBreaker.Failures, CircuitBreaker.Seconds),
        Filter = Filter,
    };
}

/// <summary>How an endpoint fared in its last deliveries.</summary>
/// <param name="FailedInARow">Deliveries that used up their tries since the last success: ten switch the endpoint off.</param>
/// <param name="Kept">Those from when it was off, which can be replayed, counted up to 10,000.</param>
internal sealed record WebhookHealthResource(int Delivered, int Failed, int Waiting, int FailedInARow, DateTimeOffset? LastDeliveryAt, int Kept);

internal sealed record OrderingResource(OrderingMode Mode, int? SkipAfter);

/// <param name="OpenUntil">Until when only tests and retries by hand are sent because the circuit is open; null when it is closed.</param>
internal sealed record CircuitBreakerResource(int Failures, int Seconds, DateTimeOffset? OpenUntil);

/// <param name="Preset">The preset that the delays are of, or null.</param>
/// <param name="Delays">Seconds to wait before each try after the first.</param>
internal sealed record RetryResource(string? Preset, IReadOnlyList<int> Delays);

/// <summary>An endpoint. Of its own headers only the names are shown; <c>secret</c> is shown once, at creation; a key pair shows its public key alone.</summary>
internal sealed record WebhookResource(
    string Id,
    string Url,
    IReadOnlyList<string> Events,
    bool IsActive,
    string Description,
    IReadOnlyList<string> HeaderNames,
    int TimeoutSeconds,
    RetryResource Retry,
    SignatureType SignatureType,
    string? PublicKey,
    string SignatureHeader,
    int? RateLimitPerSecond,
    int? MaxInFlight,
    OrderingResource Ordering,
    CircuitBreakerResource? CircuitBreaker,
    DateTimeOffset? PreviousSecretExpiresAt,
    string? Filter,
    string? DisabledReason,
    DateTimeOffset? DisabledAt,
    WebhookHealthResource Health,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null)
{
    public static WebhookResource From(WebhookDetail detail, string? secret = null) => new(
        PublicId.Format(PublicId.WebhookEndpoint, detail.Id),
        detail.Url,
        detail.Events,
        detail.IsActive,
        detail.Description,
        detail.HeaderNames,
        detail.TimeoutSeconds,
        new RetryResource(WebhookOptions.PresetOf(detail.RetryDelays), detail.RetryDelays),
        detail.SignatureType,
        detail.PublicKey,
        detail.SignatureHeader,
        detail.RateLimitPerSecond,
        detail.MaxInFlight,
        new OrderingResource(detail.Ordering, detail.OrderingSkipAfter),
        detail is { CircuitFailures: { } failures, CircuitSeconds: { } seconds } ? new CircuitBreakerResource(failures, seconds, detail.CircuitOpenUntil) : null,
        detail.PreviousSecretExpiresAt,
        detail.Filter,
        detail.DisabledReason,
        detail.DisabledAt,
        new WebhookHealthResource(
            detail.Health.Delivered, detail.Health.Failed, detail.Health.Waiting, detail.Health.FailedInARow, detail.Health.LastDeliveryAt, detail.Health.Kept),
        detail.CreatedAt,
        detail.UpdatedAt,
        secret);
}

internal sealed record WebhookAnswer(WebhookResource Webhook) : Answer;

internal sealed record WebhooksAnswer(IReadOnlyList<WebhookResource> Webhooks, string? NextCursor) : Answer;

/// <summary>A delivery in a list, with the body that is sent and the last answer.</summary>
internal record DeliveryResource(
    string Id,
    string WebhookId,
    string EventId,
    string EventType,
    RawJson? Payload,
    DeliveryStatus Status,
    DeliveryTrigger Trigger,
    string? OrderingKey,
    bool IsBlocking,
    int? ResponseStatus,
    string? ResponseBody,
    string? Error,
    int AttemptCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? FailedAt,
    DateTimeOffset? NextRetryAt)
{
    public static DeliveryResource From(DeliveryRow row, byte[] body, byte[]? responseBody) => new(
        PublicId.Format(PublicId.Delivery, row.Id),
        PublicId.Format(PublicId.WebhookEndpoint, row.EndpointId),
        row.EventPublicId,
        row.EventType,
        body.Length > 0 ? new RawJson(body) : null,
        row.Status,
        row.Trigger,
        row.OrderingKey,
        row.IsBlocking,
        row.ResponseStatus,
        responseBody is null ? null : Encoding.UTF8.GetString(responseBody),
        row.Error,
        row.AttemptCount,
        row.CreatedAt,
        row.Status == DeliveryStatus.Delivered ? row.CompletedAt : null,
        row.Status is DeliveryStatus.Failed or DeliveryStatus.Discarded ? row.CompletedAt : null,
        row.NextAttemptAt);
}

/// <summary>How long the parts of a try took, in milliseconds; empty where an open connection was used again.</summary>
internal sealed record TimingsResource(double? Dns, double? Connect, double? Tls, double? FirstByte, double Total, bool ConnectionReused);

internal sealed record AttemptResource(
    string Id,
    int Number,
    DateTimeOffset StartedAt,
    AttemptOutcome Outcome,
    string? Error,
    string Url,
    RawJson RequestHeaders,
    int? ResponseStatus,
    RawJson? ResponseHeaders,
    string? ResponseBody,
    bool ResponseBodyCut,
    string? RemoteAddress,
    TimingsResource Milliseconds)
{
    public static AttemptResource From(AttemptRow row) => new(
        PublicId.Format(PublicId.Attempt, row.Id),
        row.Number,
        row.StartedAt,
        row.Outcome,
        row.Error,
        row.Url,
        RawJson.From(row.RequestHeaders),
        row.ResponseStatus,
        RawJson.FromNullable(row.ResponseHeaders),
        row.ResponseBody is { } body ? Encoding.UTF8.GetString(body) : null,
        row.ResponseBodyCut,
        row.RemoteAddress,
        new TimingsResource(
            ToMilliseconds(row.DnsMicroseconds), ToMilliseconds(row.ConnectMicroseconds), ToMilliseconds(row.TlsMicroseconds), ToMilliseconds(row.FirstByteMicroseconds),
            row.TotalMicroseconds / 1000.0, row.ConnectionReused));

    private static double? ToMilliseconds(long? microseconds) => microseconds / 1000.0;
}

/// <summary>A delivery with every try.</summary>
internal sealed record DeliveryDetailResource : DeliveryResource
{
    private DeliveryDetailResource(DeliveryResource resource, IReadOnlyList<AttemptResource> attempts)
        : base(resource) => Attempts = attempts;

    public IReadOnlyList<AttemptResource> Attempts { get; }

    public static DeliveryDetailResource From(DeliveryDetail detail) => new(
        From(detail.Row, detail.Body, detail.Attempts.Count > 0 ? detail.Attempts[^1].ResponseBody : null), [.. detail.Attempts.Select(AttemptResource.From)]);
}

internal sealed record DeliveriesAnswer(IReadOnlyList<DeliveryResource> Deliveries, string? NextCursor) : Answer;

internal sealed record DeliveryAnswer(DeliveryDetailResource Delivery) : Answer;

/// <summary>Ten minutes of an endpoint: tries that succeeded and failed, and within how many milliseconds half and 95 % of them ended.</summary>
internal sealed record StatisticsPointResource(DateTimeOffset Since, long Delivered, long Failed, double? P50, double? P95);

/// <summary>The last 24 hours of an endpoint; tests are not counted. Times are in milliseconds, at most a fifth too high.</summary>
internal sealed record StatisticsResource(long Attempts, double? SuccessRate, double? P50, double? P95, IReadOnlyList<StatisticsPointResource> Points);

internal sealed record StatisticsAnswer(StatisticsResource Statistics) : Answer;

/// <summary>A new secret, shown this once, or the public key of a new key pair.</summary>
/// <param name="PreviousSecretExpiresAt">Until when the old one signs too; null when it does not.</param>
internal sealed record RotatedSecretAnswer(
    string? PublicKey, DateTimeOffset? PreviousSecretExpiresAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null) : Answer;

/// <summary>What an endpoint answered to a test.</summary>
internal sealed record TestResponseResource(int? Status, string? Body, double? Milliseconds);

internal sealed record TestDeliveryResource(string Id, string EventType, DeliveryStatus Status, string? Error, TestResponseResource Response);

internal sealed record TestAnswer(TestDeliveryResource Delivery) : Answer;
