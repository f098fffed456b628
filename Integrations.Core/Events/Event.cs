using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Events;

/// <summary>Something that happened in an organization, kept as it was published.</summary>
public sealed class Event : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>The dotted name: <c>invoice.paid</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The publisher's own id, or null when the hub made one from <see cref="Id"/>.</summary>
    public string? ExternalId { get; init; }

    /// <summary>When the thing happened, as its publisher says.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>When the event was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The member <c>data</c> as it was sent: a JSON object in UTF-8.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Events with the same key reach an endpoint that orders by it one after the other; null for none.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>How the data departs from the type's schema, when that is only warned about; null when it does not.</summary>
    public string? SchemaWarning { get; init; }

    /// <summary>Whether it is an example that somebody sent to one endpoint to test it: nothing happened, and it is no other endpoint's.</summary>
    public bool IsTest { get; init; }

    /// <summary>Who published it: a key's name, a member's e-mail address or a part of the hub.</summary>
    public required string Source { get; init; }

    /// <summary>For how many endpoints a delivery was stored with it.</summary>
    public required int DeliveryCount { get; init; }
}

internal sealed class EventConfiguration : IEntityTypeConfiguration<Event>
{
    public const int MaxWarningLength = 500;

    public void Configure(EntityTypeBuilder<Event> builder)
    {
        builder.Property(row => row.Type).HasMaxLength(EventTypeName.MaxLength);
        builder.Property(row => row.ExternalId).HasMaxLength(EventPublisher.MaxIdLength);
        builder.Property(row => row.OrderingKey).HasMaxLength(EventPublisher.MaxOrderingKeyLength);
        builder.Property(row => row.SchemaWarning).HasMaxLength(MaxWarningLength);
        builder.Property(row => row.Source).HasMaxLength(256);
        builder.Property(row => row.IsTest).HasDefaultValue(false);
        builder.HasIndex(row => new { row.OrganizationId, row.Id });
        builder.HasIndex(row => new { row.OrganizationId, row.Type, row.Id });
        builder.HasIndex(row => new { row.OrganizationId, row.ExternalId }).IsUnique().HasFilter("\"ExternalId\" IS NOT NULL");
    }
}
