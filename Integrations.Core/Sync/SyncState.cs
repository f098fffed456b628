using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Sync;

/// <summary>How far a data type of a connection is in step, between its runs.</summary>
public sealed class SyncState : ITenantOwned
{
    public required Guid ConnectionId { get; init; }

    public required string DataType { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>The newest change of the provider that was taken in; null before the first complete run.</summary>
    public DateTimeOffset? InUntil { get; set; }

    /// <summary>The newest change of the hub that was pushed.</summary>
    public DateTimeOffset? OutUntil { get; set; }

    /// <summary>When everything was read last without a break.</summary>
    public DateTimeOffset? FullAt { get; set; }

    /// <summary>Records that the last full pass did not find any more, too many to go without somebody's word; 0 for none.</summary>
    public int PendingDeletes { get; set; }

    /// <summary>The mark of the last complete full pass, which did not find them; 0 before the first.</summary>
    public long PendingGeneration { get; set; }

    /// <summary>The connection's own mapping, as a JSON list; null for the connector's.</summary>
    public string? Mapping { get; set; }

    /// <summary>When the mapping was changed last. A run that was begun before has read with another one, so it does not say how far the data type is in step.</summary>
    public DateTimeOffset? MappedAt { get; set; }
}

/// <summary>A record that is about to be made at a provider which cannot tell whether it made it already. Written before the call, and gone when its outcome is.</summary>
public sealed class SyncIntent : ITenantOwned
{
    public required Guid ConnectionId { get; init; }

    public required string DataType { get; init; }

    public required Guid RecordId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class SyncStateConfiguration : IEntityTypeConfiguration<SyncState>
{
    public void Configure(EntityTypeBuilder<SyncState> builder)
    {
        builder.HasKey(state => new { state.ConnectionId, state.DataType });
        builder.Property(state => state.DataType).HasMaxLength(40);
    }
}

internal sealed class SyncIntentConfiguration : IEntityTypeConfiguration<SyncIntent>
{
    public void Configure(EntityTypeBuilder<SyncIntent> builder)
    {
        builder.HasKey(intent => new { intent.ConnectionId, intent.DataType, intent.RecordId });
        builder.Property(intent => intent.DataType).HasMaxLength(40);
    }
}
