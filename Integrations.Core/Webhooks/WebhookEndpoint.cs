using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Webhooks;

/// <summary>Whether deliveries with the same ordering key go one after the other.</summary>
public enum OrderingMode
{
    /// <summary>Deliveries go as fast as they can, in no order.</summary>
    None = 0,

    /// <summary>One at a time for each key; one that failed for good blocks its key until somebody retries or skips it.</summary>
    Block = 1,

    /// <summary>One at a time for each key; after some failed tries the next may go, while the first is still retried.</summary>
    Skip = 2,
}

/// <summary>A subscriber's URL and how to deliver to it.</summary>
public sealed class WebhookEndpoint : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Url { get; set; }

    public string Description { get; set; } = "";

    /// <summary>The connection whose provider receives events at this URL (Zapier, Make …); null for an endpoint of its own. Its description is the URL's name.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>The events as they were subscribed to, aliases and families included.</summary>
    public required List<string> Events { get; set; }

    public bool IsActive { get; set; } = true;

    /// <summary>Why the hub switched the endpoint off; null when somebody did, or when it is on.</summary>
    public string? DisabledReason { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The signing secret or key pair, encrypted for this row.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>Of a key pair: with what receivers verify (<c>whpk_…</c>). Null when it signs by a shared secret.</summary>
    public string? PublicKey { get; set; }

    /// <summary>The secret before the last rotation, encrypted; it signs too until <see cref="PreviousSecretExpiresAt"/>.</summary>
    public byte[]? PreviousSecret { get; set; }

    public DateTimeOffset? PreviousSecretExpiresAt { get; set; }

    /// <summary>The endpoint's own headers as a JSON object, encrypted, because they may carry credentials.</summary>
    public byte[]? Headers { get; set; }

    /// <summary>The name of the header with the hex signature.</summary>
    public required string SignatureHeader { get; set; }

    public required int TimeoutSeconds { get; set; }

    /// <summary>Seconds to wait before each try after the first.</summary>
    public required List<int> RetryDelays { get; set; }

    /// <summary>Requests a second at most, or null for no limit.</summary>
    public int? RateLimitPerSecond { get; set; }

    /// <summary>Requests under way at once at most, or null for the default.</summary>
    public int? MaxInFlight { get; set; }

    /// <summary>An expression over the event that must hold for a delivery to be made, or null for all events subscribed to.</summary>
    public string? Filter { get; set; }

    public OrderingMode Ordering { get; set; }

    /// <summary>With <see cref="OrderingMode.Skip"/>: after how many failed tries of a delivery the next of its key may go.</summary>
    public int? OrderingSkipAfter { get; set; }

    /// <summary>Failed tries in a row that open the circuit breaker, or null for no breaker.</summary>
    public int? CircuitFailures { get; set; }

    /// <summary>Seconds that the open circuit rests before one try is let through.</summary>
    public int? CircuitSeconds { get; set; }

    /// <summary>Until when the open circuit rests; null when it is closed.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; set; }

    /// <summary>Deliveries that used up their tries since the last success; tests and replays do not count, any success resets.</summary>
    public int ConsecutiveFailures { get; set; }

    /// <summary>Whether an event told that it fails or was switched off for that, and none yet that it is well again; another URL changes nothing of it, since subscribers know the endpoint by its id.</summary>
    public bool HasToldOfFailure { get; set; }

    /// <summary>The node that serves the endpoint: it alone takes its deliveries up. Null when none does, and always on SQLite, which one hub uses alone.</summary>
    public string? ServedBy { get; set; }

    public DateTimeOffset? ServedUntil { get; set; }

    /// <summary>Until when, by <see cref="DatabaseClock"/>, a node that has less to do asks for the endpoint; null when none does.</summary>
    public DateTimeOffset? WantedUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Set when the endpoint was deleted: its deliveries stay until retention takes them, its secrets are gone.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

internal sealed class WebhookEndpointConfiguration : IEntityTypeConfiguration<WebhookEndpoint>
{
    public const string NotDeletedFilter = "NotDeleted";

    public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
    {
        builder.Property(endpoint => endpoint.Url).HasMaxLength(WebhookOptions.MaxUrlLength);
        builder.Property(endpoint => endpoint.Description).HasMaxLength(WebhookOptions.MaxDescriptionLength);
        builder.Property(endpoint => endpoint.SignatureHeader).HasMaxLength(64);
        builder.Property(endpoint => endpoint.DisabledReason).HasMaxLength(WebhookOptions.MaxReasonLength);
        builder.Property(endpoint => endpoint.Filter).HasMaxLength(WebhookOptions.MaxFilterLength);
        builder.Property(endpoint => endpoint.PublicKey).HasMaxLength(64);
        builder.Property(endpoint => endpoint.ServedBy).HasMaxLength(64);
        builder.HasIndex(endpoint => new { endpoint.OrganizationId, endpoint.Id });
        builder.HasIndex(endpoint => endpoint.ConnectionId).HasFilter("\"ConnectionId\" IS NOT NULL");
        builder.HasQueryFilter(NotDeletedFilter, endpoint => endpoint.DeletedAt == null);
    }
}
