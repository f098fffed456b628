using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Webhooks;

/// <summary>How a try ended. All but <see cref="Delivered"/> count as failures.</summary>
public enum AttemptOutcome
{
    /// <summary>The endpoint answered 2xx.</summary>
    Delivered = 0,

    /// <summary>It answered another status.</summary>
    RefusedByStatus = 1,

    /// <summary>It answered 3xx; redirects are never followed.</summary>
    Redirected = 2,

    /// <summary>It did not answer in time.</summary>
    TimedOut = 3,

    /// <summary>Its name has no address.</summary>
    NameNotFound = 4,

    /// <summary>Nothing accepted the connection.</summary>
    ConnectFailed = 5,

    /// <summary>TLS failed, for example by a bad certificate.</summary>
    TlsFailed = 6,

    /// <summary>The connection broke, or what came was not HTTP.</summary>
    ConnectionLost = 7,

    /// <summary>Its address may not be called (Security:AllowedNetworks).</summary>
    AddressRefused = 8,
}

/// <summary>One HTTP try of a delivery, whole: what was sent, what came back and how long each part took.</summary>
public sealed class WebhookAttempt : ITenantOwned, IHasId
{
    /// <summary>Bytes of an answer's body that are kept.</summary>
    public const int MaxResponseBody = 16 * 1024;

    public const int MaxErrorLength = 500;

    /// <summary>Stands in <see cref="RequestHeaders"/> for the values of the endpoint's own headers.</summary>
    public const string HiddenValue = "(hidden)";

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid DeliveryId { get; init; }

    public required int Number { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required AttemptOutcome Outcome { get; init; }

    /// <summary>What went wrong, in a sentence; null when delivered.</summary>
    public string? Error { get; init; }

    /// <summary>Where it was sent, which may not be where the endpoint is now. Null for tries of earlier versions, which did not keep it.</summary>
    public string? Url { get; init; }

    /// <summary>A JSON object of the headers sent.</summary>
    public required string RequestHeaders { get; init; }

    public int? ResponseStatus { get; init; }

    /// <summary>A JSON object of the headers that came back.</summary>
    public string? ResponseHeaders { get; init; }

    /// <summary>The first <see cref="MaxResponseBody"/> bytes.</summary>
    public byte[]? ResponseBody { get; init; }

    public bool ResponseBodyCut { get; init; }

    /// <summary>The address that was connected to.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>An open connection was used again, so nothing was looked up or connected.</summary>
    public bool ConnectionReused { get; init; }

    public long? DnsMicroseconds { get; init; }

    public long? ConnectMicroseconds { get; init; }

    public long? TlsMicroseconds { get; init; }

    /// <summary>From the start of the try to the answer's headers.</summary>
    public long? FirstByteMicroseconds { get; init; }

    public required long TotalMicroseconds { get; init; }
}

internal sealed class WebhookAttemptConfiguration : IEntityTypeConfiguration<WebhookAttempt>
{
    public void Configure(EntityTypeBuilder<WebhookAttempt> builder)
    {
        builder.Property(attempt => attempt.Error).HasMaxLength(WebhookAttempt.MaxErrorLength);
        builder.Property(attempt => attempt.Url).HasMaxLength(WebhookOptions.MaxUrlLength);
        builder.Property(attempt => attempt.RemoteAddress).HasMaxLength(64);
        builder.HasIndex(attempt => attempt.DeliveryId);
    }
}
