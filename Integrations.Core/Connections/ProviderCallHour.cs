using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Connections;

/// <summary>The calls of one connection to its provider within an hour.</summary>
public sealed class ProviderCallHour : ITenantOwned
{
    public required Guid OrganizationId { get; init; }

    public required Guid ConnectionId { get; init; }

    /// <summary>The beginning of the hour.</summary>
    public required DateTimeOffset Since { get; init; }

    public required long Calls { get; set; }

    public required long Errors { get; set; }

    /// <summary>Calls that the provider answered with "too often".</summary>
    public required long Throttled { get; set; }

    public required long Milliseconds { get; set; }

    /// <summary>What the provider's last answer told of its own counting, as JSON; null when it told nothing.</summary>
    public string? Quotas { get; set; }
}

internal sealed class ProviderCallHourConfiguration : IEntityTypeConfiguration<ProviderCallHour>
{
    public void Configure(EntityTypeBuilder<ProviderCallHour> builder)
    {
        builder.HasKey(hour => new { hour.ConnectionId, hour.Since });
        // For retention.
        builder.HasIndex(hour => hour.Since);
    }
}
