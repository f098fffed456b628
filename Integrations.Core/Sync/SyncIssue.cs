using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Sync;

/// <summary>What is told of one record of a run.</summary>
public enum SyncIssueKind
{
    /// <summary>It could not be synced.</summary>
    Error = 0,

    /// <summary>Both sides had changed it; one change was kept.</summary>
    Conflict = 1,
}

/// <summary>A record that a run could not sync, or that both sides had changed.</summary>
public sealed class SyncIssue : ITenantOwned, IHasId
{
    /// <summary>Issues of each kind that a run keeps; later ones are only counted.</summary>
    public const int MaxKept = 1_000;
    public const int MaxPayload = 32 * 1024;
    public const int MaxName = 200;
    public const int MaxMessage = 500;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid RunId { get; init; }

    public required SyncIssueKind Kind { get; init; }

    public required string DataType { get; init; }

    public required SyncDirections Direction { get; init; }

    /// <summary>The provider's id; null for one that was to be made there.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The hub's record; null for one that was to be made here.</summary>
    public Guid? RecordId { get; init; }

    /// <summary>What it is called, as far as can be told.</summary>
    public required string Name { get; init; }

    public required string Message { get; init; }

    /// <summary>The row as the provider sent it, or as it was sent there, as JSON; null when it was too large.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>When the provider says that the row changed last.</summary>
    public DateTimeOffset? RemoteVersion { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When a later run dealt with it, or null.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }
}

internal sealed class SyncIssueConfiguration : IEntityTypeConfiguration<SyncIssue>
{
    public void Configure(EntityTypeBuilder<SyncIssue> builder)
    {
        builder.Property(issue => issue.DataType).HasMaxLength(40);
        builder.Property(issue => issue.ExternalId).HasMaxLength(256);
        builder.Property(issue => issue.Name).HasMaxLength(SyncIssue.MaxName);
        builder.Property(issue => issue.Message).HasMaxLength(SyncIssue.MaxMessage);
        builder.HasIndex(issue => new { issue.RunId, issue.Kind, issue.Id });
    }
}
