using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Records;

/// <summary>What happened to a record.</summary>
public enum RecordChangeKind
{
    Created = 0,
    Updated = 1,
    Deleted = 2,

    /// <summary>A provider's row was found to be the same thing.</summary>
    Linked = 3,
}

/// <summary>One change of a record. Records that a sync made have none for their making: the record itself tells of it.</summary>
public sealed class RecordChange : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid RecordId { get; init; }

    public required RecordChangeKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A provider's key, or one of <see cref="RecordSource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Who did it, for people.</summary>
    public required string ActorName { get; init; }

    /// <summary>The sync run that did it, or null.</summary>
    public Guid? SyncRunId { get; init; }

    /// <summary>The changed fields as JSON: <c>{"email":["old","new"]}</c>, with null for no value.</summary>
    public byte[]? Fields { get; init; }
}

internal sealed class RecordChangeConfiguration : IEntityTypeConfiguration<RecordChange>
{
    public void Configure(EntityTypeBuilder<RecordChange> builder)
    {
        builder.Property(change => change.Source).HasMaxLength(64);
        builder.Property(change => change.ActorName).HasMaxLength(256);
        builder.HasIndex(change => new { change.RecordId, change.Id });
    }
}
