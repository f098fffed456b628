using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Sync;

/// <summary>Where a sync run stands.</summary>
public enum SyncStatus
{
    /// <summary>It waits for a node to take it.</summary>
    Queued = 0,

    Running = 1,

    /// <summary>Everything was synced.</summary>
    Completed = 2,

    /// <summary>Some records or data types were not synced; the run says which.</summary>
    Partial = 3,

    /// <summary>Nothing was synced, for the reason that the run gives.</summary>
    Failed = 4,

    /// <summary>Somebody cancelled it. What was synced until then stays.</summary>
    Cancelled = 5,
}

/// <summary>What a run looks at.</summary>
public enum SyncType
{
    /// <summary>What changed since the last run.</summary>
    Incremental = 0,

    /// <summary>Everything; what is gone at the provider is found too.</summary>
    Full = 1,

    /// <summary>The records that failed in an earlier run.</summary>
    Retry = 2,
}

/// <summary>One execution of a sync of a connection. The row and its parts are the whole state: a run goes on where it was after a restart, on whichever node takes it.</summary>
public sealed class SyncRun : ITenantOwned, IHasId
{
    public const int MaxErrorLength = 500;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ConnectionId { get; init; }

    public required string Provider { get; init; }

    public required SyncType Type { get; init; }

    public SyncStatus Status { get; set; }

    /// <summary>Why it failed or was partial, in a sentence.</summary>
    public string? Error { get; set; }

    /// <summary>The run whose failed records it tries again, or null.</summary>
    public Guid? RetryOf { get; init; }

    /// <summary>Who or what started it.</summary>
    public required string StartedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>When what it changed was counted last.</summary>
    public DateTimeOffset? ProgressAt { get; set; }

    public bool IsCancelRequested { get; set; }

    /// <summary>The node that works on it, until <see cref="LeaseUntil"/> by <see cref="DatabaseClock"/>.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }
}

/// <summary>How a part of a run stands.</summary>
public enum SyncPartStatus
{
    Waiting = 0,
    Running = 1,
    Completed = 2,
    Partial = 3,
    Failed = 4,
    Cancelled = 5,
}

/// <summary>A data type of a run, one way. It keeps the place where the run is, written together with the rows.</summary>
public sealed class SyncPart : ITenantOwned
{
    public required Guid RunId { get; init; }

    public required string DataType { get; init; }

    public required SyncDirections Direction { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>Its place in the run.</summary>
    public required int Position { get; init; }

    public SyncPartStatus Status { get; set; }

    /// <summary>Where the next page begins; null at the beginning.</summary>
    public string? Cursor { get; set; }

    /// <summary>What changed since then is looked at; null for everything.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>The newest change that was seen, from which the next run goes on.</summary>
    public DateTimeOffset? Newest { get; set; }

    /// <summary>The mark that rows get which a full pass saw; 0 when it is none.</summary>
    public long Generation { get; set; }

    /// <summary>How many rows there are in all, where the provider tells.</summary>
    public int? Total { get; set; }

    public int Processed { get; set; }

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Unchanged { get; set; }

    public int Deleted { get; set; }

    public int Failed { get; set; }

    public int Conflicts { get; set; }

    /// <summary>Calls of the provider.</summary>
    public int Calls { get; set; }

    public string? Error { get; set; }
}

internal sealed class SyncRunConfiguration : IEntityTypeConfiguration<SyncRun>
{
    public void Configure(EntityTypeBuilder<SyncRun> builder)
    {
        builder.Property(run => run.Provider).HasMaxLength(64);
        builder.Property(run => run.Error).HasMaxLength(SyncRun.MaxErrorLength);
        builder.Property(run => run.StartedBy).HasMaxLength(256);
        builder.Property(run => run.LeaseOwner).HasMaxLength(64);
        builder.HasIndex(run => new { run.OrganizationId, run.Id });
        builder.HasIndex(run => new { run.ConnectionId, run.Id });
        // One that has not ended for each connection; and what the runner looks for.
        builder.HasIndex(run => run.ConnectionId, "IX_SyncRuns_Unended").IsUnique().HasFilter($"\"Status\" < {(int)SyncStatus.Completed}");
    }
}

internal sealed class SyncPartConfiguration : IEntityTypeConfiguration<SyncPart>
{
    public void Configure(EntityTypeBuilder<SyncPart> builder)
    {
        builder.HasKey(part => new { part.RunId, part.DataType, part.Direction });
        builder.Property(part => part.DataType).HasMaxLength(40);
        builder.Property(part => part.Cursor).HasMaxLength(4000);
        builder.Property(part => part.Error).HasMaxLength(SyncRun.MaxErrorLength);
    }
}
