using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Connections;

/// <summary>What is limited to some times a minute for an organization.</summary>
public enum ConnectionStartKind
{
    /// <summary>A connection is made, or a credential is tried.</summary>
    Creation = 0,

    /// <summary>A consent begins.</summary>
    Consent = 1,
}

/// <summary>One start, kept for a while so that the limits hold over all nodes and restarts.</summary>
public sealed class ConnectionStart : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required ConnectionStartKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class ConnectionStartConfiguration : IEntityTypeConfiguration<ConnectionStart>
{
    public void Configure(EntityTypeBuilder<ConnectionStart> builder) => builder.HasIndex(start => new { start.OrganizationId, start.Kind, start.Id });
}
