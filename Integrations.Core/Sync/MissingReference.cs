using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Sync;

/// <summary>A field of a record that leads to another one which the provider has and the hub does not have yet, such as the customer of an invoice that came first.</summary>
public sealed class MissingReference : ITenantOwned
{
    public required Guid ConnectionId { get; init; }

    /// <summary>The data type of what is missing.</summary>
    public required string DataType { get; init; }

    /// <summary>The provider's id of it.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The record that leads there.</summary>
    public required Guid RecordId { get; init; }

    /// <summary>Its field, or the place in one of its lines.</summary>
    public required string Target { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>What stands there until then (<see cref="RecordReferences.StateOf"/>), such as the customer that the invoice had before; null for nothing.</summary>
    public string? Replaces { get; init; }
}

internal sealed class MissingReferenceConfiguration : IEntityTypeConfiguration<MissingReference>
{
    public const int MaxTargetLength = 128;

    public void Configure(EntityTypeBuilder<MissingReference> builder)
    {
        builder.HasKey(reference => new { reference.ConnectionId, reference.DataType, reference.ExternalId, reference.RecordId, reference.Target });
        builder.HasIndex(reference => new { reference.RecordId, reference.ConnectionId });
        builder.Property(reference => reference.DataType).HasMaxLength(40);
        builder.Property(reference => reference.ExternalId).HasMaxLength(Records.RecordLink.MaxExternalIdLength);
        builder.Property(reference => reference.Target).HasMaxLength(MaxTargetLength);
        builder.Property(reference => reference.Replaces).HasMaxLength(Records.RecordField.MaxText);
    }
}
