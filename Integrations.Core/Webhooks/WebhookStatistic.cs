using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Webhooks;

/// <summary>
/// How many tries of an endpoint, begun within ten minutes, ended alike and took about as long: what the charts are drawn from, so that they cost the same
/// whatever the number of deliveries.
/// </summary>
public sealed class WebhookStatistic : ITenantOwned
{
    /// <summary>The time that one point of a chart stands for.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    public required Guid OrganizationId { get; init; }

    public required Guid EndpointId { get; init; }

    /// <summary>The beginning of the ten minutes.</summary>
    public required DateTimeOffset Since { get; init; }

    public required bool IsSuccess { get; init; }

    /// <summary>A step of the scale of <see cref="LatencyScale"/>.</summary>
    public required int LatencyStep { get; init; }

    public required long Count { get; init; }

    /// <summary>The beginning of the ten minutes that a time falls into.</summary>
    public static DateTimeOffset SinceOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Span.Ticks), TimeSpan.Zero);
}

internal sealed class WebhookStatisticConfiguration : IEntityTypeConfiguration<WebhookStatistic>
{
    public void Configure(EntityTypeBuilder<WebhookStatistic> builder) =>
        builder.HasKey(row => new { row.EndpointId, row.Since, row.IsSuccess, row.LatencyStep });
}
