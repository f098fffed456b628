using Integrations.Core.Events;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryStatus
{
    /// <summary>Not tried yet.</summary>
    Pending = 0,

    /// <summary>A try is under way. Never stored: <see cref="DeliveriesUnderWay"/> knows it of this node.</summary>
    Delivering = 1,

    /// <summary>A try failed; another will follow.</summary>
    Retrying = 2,

    /// <summary>The endpoint answered 2xx.</summary>
    Delivered = 3,

    /// <summary>The tries are used up.</summary>
    Failed = 4,

    /// <summary>
    /// Not sent, or not sent further, because the endpoint was off or deleted, or because somebody skipped it. While its event is kept it can be replayed.
    /// </summary>
    Discarded = 5,
}

/// <summary>Why a delivery was made.</summary>
public enum DeliveryTrigger
{
    Event = 0,

    /// <summary>Somebody tested the endpoint: one try only.</summary>
    Test = 1,

    Replay = 2,
}

/// <summary>One event for one endpoint.</summary>
public sealed class WebhookDelivery : ITenantOwned, IHasId
{
    /// <summary>When tests and retries by hand are due: before all else, so that they pass by whatever waits, also while a circuit is open.</summary>
    public static readonly DateTimeOffset Urgent = DateTimeOffset.UnixEpoch;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid EndpointId { get; init; }

    public required Guid EventId { get; init; }

    public required string EventType { get; init; }

    public required DeliveryStatus Status { get; set; }

    public required DeliveryTrigger Trigger { get; set; }

    /// <summary>The event's ordering key when the endpoint orders by it, else null.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>It failed for good and holds back the later ones of its key (<see cref="OrderingMode.Block"/>).</summary>
    public bool IsBlocking { get; set; }

    /// <summary>The replay that sent it last, or null.</summary>
    public Guid? ReplayId { get; set; }

    /// <summary>All tries so far, those asked for by hand included.</summary>
    public required int AttemptCount { get; set; }

    /// <summary>Tries of the present plan; a retry by hand begins the plan anew.</summary>
    public required int PlanStep { get; set; }

    /// <summary>When the next try is due; it stays so until the outcome of the try is written. Null when nothing more will happen by itself.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was delivered, failed or discarded.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>The status of the last answer.</summary>
    public int? ResponseStatus { get; set; }

    /// <summary>What went wrong in the last try, in a sentence.</summary>
    public string? Error { get; set; }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.Property(delivery => delivery.EventType).HasMaxLength(EventTypeName.MaxLength);
        builder.Property(delivery => delivery.OrderingKey).HasMaxLength(EventPublisher.MaxOrderingKeyLength);
        builder.Property(delivery => delivery.Error).HasMaxLength(500);
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.Id });
        builder.HasIndex(delivery => delivery.EventId);
        // A type that is rare among many, and how many of a type there are.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.EventType, delivery.Id });
        // The dispatcher's queue: only what is due, now or later.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.NextAttemptAt }).HasFilter("\"NextAttemptAt\" IS NOT NULL");
        // What is not done of a key: those that go, those that wait for them, and those that block.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.OrderingKey, delivery.Id })
            .HasFilter($"\"OrderingKey\" IS NOT NULL AND \"Status\" <> {(int)DeliveryStatus.Delivered}");
        builder.HasIndex(delivery => new { delivery.ReplayId, delivery.Status }).HasFilter("\"ReplayId\" IS NOT NULL");
        // Nearly all deliveries end delivered, so that status needs no index: the list finds them at once.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.Status, delivery.Id }).HasFilter($"\"Status\" <> {(int)DeliveryStatus.Delivered}");
    }
}
