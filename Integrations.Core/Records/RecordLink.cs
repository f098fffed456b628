using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Records;

/// <summary>A record's counterpart at a provider, and where the two stood when they last agreed.</summary>
public sealed class RecordLink : ITenantOwned
{
    public const int MaxExternalIdLength = 256;

    public required Guid OrganizationId { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>The connector's data type, which may differ from the record's type: <c>vendors</c> are contacts.</summary>
    public required string DataType { get; init; }

    /// <summary>The provider's id.</summary>
    public required string ExternalId { get; init; }

    public required string Provider { get; init; }

    public required Guid RecordId { get; init; }

    /// <summary>When the provider says that it changed last.</summary>
    public DateTimeOffset? RemoteVersion { get; set; }

    /// <summary>The print of the provider's row as the mapping read it; null when that is not known, after a push.</summary>
    public Guid? RemotePrint { get; set; }

    /// <summary>The record's print when both sides agreed: another one means that the record changed since. Null when they have not agreed yet.</summary>
    public Guid? RecordPrint { get; set; }

    /// <summary>The print of what was pushed last, so that changes of fields that do not go out cost no call.</summary>
    public Guid? PushedPrint { get; set; }

    /// <summary>The last full pass that saw it; those that a complete one did not see are gone at the provider.</summary>
    public long Generation { get; set; }

    public required DateTimeOffset SyncedAt { get; set; }
}

internal sealed class RecordLinkConfiguration : IEntityTypeConfiguration<RecordLink>
{
    public void Configure(EntityTypeBuilder<RecordLink> builder)
    {
        builder.HasKey(link => new { link.ConnectionId, link.DataType, link.ExternalId });
        builder.Property(link => link.DataType).HasMaxLength(40);
        builder.Property(link => link.ExternalId).HasMaxLength(RecordLink.MaxExternalIdLength);
        builder.Property(link => link.Provider).HasMaxLength(64);
        builder.HasIndex(link => new { link.RecordId, link.ConnectionId });
    }
}
