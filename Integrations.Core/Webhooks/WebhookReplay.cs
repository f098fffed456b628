using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Webhooks;

/// <summary>Where a replay stands.</summary>
public enum ReplayStatus
{
    /// <summary>Deliveries are being sent again, or wait for their turn.</summary>
    Running = 0,

    /// <summary>Somebody paused it: nothing more is sent until it is resumed.</summary>
    Paused = 1,

    /// <summary>Everything it chose has been sent, with whatever outcome.</summary>
    Completed = 2,

    /// <summary>Somebody cancelled it: what was not sent yet stays as it was.</summary>
    Cancelled = 3,
}

/// <summary>What a replay sends again.</summary>
public enum ReplayTarget
{
    /// <summary>All deliveries that have ended, however they did.</summary>
    Ended = 0,

    /// <summary>Instead of deliveries that are there: events that the endpoint subscribes to and never got, because they were published before it did.</summary>
    Missing = 1,

    /// <summary>What was discarded because the endpoint was off, and not what somebody skipped or cancelled.</summary>
    Kept = 2,

    /// <summary>Deliveries that stood as <see cref="DeliveryStatus.Delivered"/> when the replay reached them.</summary>
    Delivered = DeliveryStatus.Delivered,

    /// <summary>Deliveries that stood as <see cref="DeliveryStatus.Failed"/> when the replay reached them.</summary>
    Failed = DeliveryStatus.Failed,

    /// <summary>Deliveries that stood as <see cref="DeliveryStatus.Discarded"/> when the replay reached them, for whatever reason.</summary>
    Discarded = DeliveryStatus.Discarded,
}

/// <summary>
/// Sends many deliveries of one endpoint again. The row is the whole state, so that a replay goes on where it was after a restart, on whichever node takes it.
/// </summary>
public sealed class WebhookReplay : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid EndpointId { get; init; }

    /// <summary>Deliveries (or events, when <see cref="Target"/> is <see cref="ReplayTarget.Missing"/>) made at or after.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Deliveries (or events) made before.</summary>
    public required DateTimeOffset To { get; init; }

    public required ReplayTarget Target { get; init; }

    /// <summary>Only these types, families or aliases; empty for all.</summary>
    public required List<string> EventTypes { get; init; }

    /// <summary>Deliveries sent again a second at most, or null for as fast as the endpoint takes them.</summary>
    public int? RatePerSecond { get; init; }

    public ReplayStatus Status { get; set; }

    /// <summary>Deliveries that matched when the replay began.</summary>
    public required int Total { get; init; }

    /// <summary>Deliveries put into the queue so far.</summary>
    public int Queued { get; set; }

    /// <summary>The last delivery (or event) that was looked at.</summary>
    public required Guid Cursor { get; set; }

    /// <summary>The node that works on it, or null.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseEnd { get; set; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; set; }
}

internal sealed class WebhookReplayConfiguration : IEntityTypeConfiguration<WebhookReplay>
{
    public void Configure(EntityTypeBuilder<WebhookReplay> builder)
    {
        builder.Property(replay => replay.LeaseOwner).HasMaxLength(64);
        builder.Property(replay => replay.CreatedBy).HasMaxLength(256);
        builder.HasIndex(replay => new { replay.EndpointId, replay.Id });
        // What the runner looks for: the few that are not ended.
        builder.HasIndex(replay => replay.Status).HasFilter($"\"Status\" = {(int)ReplayStatus.Running}");
    }
}
