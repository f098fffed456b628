using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks;

/// <summary>A delivery in a list, with the last answer.</summary>
/// <param name="NextAttemptAt">When the next try is made: when it is due, or when the endpoint's open circuit lets one go.</param>
/// <param name="CircuitOpenUntil">Until when the endpoint's circuit rests, which holds back what is due; null when it does not.</param>
public sealed record DeliveryRow(
    Guid Id,
    Guid EndpointId,
    string EndpointUrl,
    Guid EventId,
    string? EventExternalId,
    string EventType,
    DeliveryStatus Status,
    DeliveryTrigger Trigger,
    int AttemptCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt,
    DateTimeOffset? NextAttemptAt,
    int? ResponseStatus,
    string? Error,
    string? OrderingKey = null,
    bool IsBlocking = false,
    DateTimeOffset? CircuitOpenUntil = null)
{
    /// <summary>Whether it waits for an earlier delivery with the same ordering key.</summary>
    public bool WaitsForKey => OrderingKey is not null && NextAttemptAt is null && Status is (DeliveryStatus.Pending or DeliveryStatus.Retrying);

    public string EventPublicId => EventExternalId ?? PublicId.Format(PublicId.Event, EventId);
}

/// <summary>A delivery with its body and every try.</summary>
/// <param name="Body">The body as it would be sent now, in UTF-8.</param>
public sealed record DeliveryDetail(DeliveryRow Row, byte[] Body, IReadOnlyList<AttemptRow> Attempts);

/// <summary>One try of a delivery.</summary>
public sealed record AttemptRow(
    Guid Id,
    int Number,
    DateTimeOffset StartedAt,
    AttemptOutcome Outcome,
    string? Error,
    string RequestHeaders,
    int? ResponseStatus,
    string? ResponseHeaders,
    byte[]? ResponseBody,
    bool ResponseBodyCut,
    string? RemoteAddress,
    bool ConnectionReused,
    long? DnsMicroseconds,
    long? ConnectMicroseconds,
    long? TlsMicroseconds,
    long? FirstByteMicroseconds,
    long TotalMicroseconds)
{
    /// <summary>Where it was sent.</summary>
    public string Url { get; init; } = "";

    /// <summary>The body as it was sent, in UTF-8; empty when retention has taken the event.</summary>
    public byte[] Body { get; init; } = [];
}

/// <summary>Which deliveries to list. Null members do not filter; the event type may be a family or an alias.</summary>
public sealed record DeliveryFilter(
    Guid? EndpointId = null, Guid? EventId = null, DeliveryStatus? Status = null, string? EventType = null);

/// <summary>The payload and the last answer of a delivery, which the API's list shows too.</summary>
public sealed record DeliveryContent(byte[] Body, byte[]? ResponseBody);
