using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Audit;

/// <summary>One change: who did what to which thing, when and from where. Written in the transaction of the change; never changed.</summary>
public sealed class AuditEntry : ITenantOwned, IHasId
{
    public const int MaxTargetNameLength = 512;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? IpAddress { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Area and verb: <c>webhook.created</c>. Those of the area <c>member</c> are shown to Admins and Owners only.</summary>
    public required string Action { get; init; }

    /// <summary>The changed thing's public id.</summary>
    public required string TargetId { get; init; }

    public required string TargetName { get; init; }

    /// <summary>The changed members before, as JSON; never a secret.</summary>
    public string? Before { get; init; }

    /// <summary>The changed members after, as JSON; never a secret.</summary>
    public string? After { get; init; }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.Property(entry => entry.ActorName).HasMaxLength(256);
        builder.Property(entry => entry.IpAddress).HasMaxLength(64);
        builder.Property(entry => entry.RequestId).HasMaxLength(64);
        builder.Property(entry => entry.Action).HasMaxLength(64);
        builder.Property(entry => entry.TargetId).HasMaxLength(64);
        builder.Property(entry => entry.TargetName).HasMaxLength(AuditEntry.MaxTargetNameLength);
        builder.HasIndex(entry => new { entry.OrganizationId, entry.Id });
        // For the history of one thing.
        builder.HasIndex(entry => new { entry.OrganizationId, entry.TargetId, entry.Id });
    }
}
