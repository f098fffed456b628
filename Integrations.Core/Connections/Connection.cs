using Integrations.Core.Providers;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Connections;

/// <summary>How a connection fares.</summary>
public enum ConnectionStatus
{
    /// <summary>Begun; nobody has consented yet. Goes after a day.</summary>
    Pending = 0,

    Connected = 1,

    /// <summary>The provider does not answer as it should; the hub keeps trying.</summary>
    Degraded = 2,

    /// <summary>The consent or the key no longer counts; somebody has to connect again.</summary>
    NeedsAuthorization = 3,

    /// <summary>The provider does not accept the hub as its client; an Owner has to mend the OAuth client.</summary>
    ConfigurationError = 4,

    /// <summary>Somebody disconnected it. The history stays.</summary>
    Disconnected = 5,
}

/// <summary>An organization's link to a provider; one for each provider.</summary>
public sealed class Connection : ITenantOwned, IHasId
{
    public const int MaxNameLength = 120;
    public const int MaxReasonLength = 500;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>The connector's key.</summary>
    public required string Provider { get; init; }

    public required string Name { get; set; }

    public required ConnectionStatus Status { get; set; }

    /// <summary>Why it stands so, in a sentence; null when all is well.</summary>
    public string? StatusReason { get; set; }

    public required DateTimeOffset StatusSince { get; set; }

    public required AuthMode AuthMode { get; set; }

    /// <summary>The provider's id of the account; empty when the provider does not tell.</summary>
    public string AccountId { get; set; } = "";

    public string AccountName { get; set; } = "";

    public List<string> Permissions { get; set; } = [];

    /// <summary>The provider's scopes that were granted.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>What calls need beside the credential, such as a realm or an instance URL; nothing secret.</summary>
    public Dictionary<string, string> Facts { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The connector's own settings.</summary>
    public Dictionary<string, string> ProviderSettings { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The settings that every connection has, by the names of <see cref="ConnectionSettings"/>.</summary>
    public Dictionary<string, string> Settings { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The credential's values as a JSON object, encrypted for this row; null when there is none.</summary>
    public byte[]? Credential { get; set; }

    /// <summary>Grows with every change of the credential or the status, so that of two who change it at once one finds what it read.</summary>
    public long Version { get; set; }

    /// <summary>When the access token expires; null when it does not by time.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When the hub looks at it next by itself: to refresh, to try again, to probe, or to let a pending one go. Null for never.</summary>
    public DateTimeOffset? CheckAt { get; set; }

    /// <summary>Refreshes and probes that failed in a row, for the back-off.</summary>
    public int Failures { get; set; }

    /// <summary>The flight that is refreshing the credential, until <see cref="LeaseUntil"/> by <see cref="DatabaseClock"/>.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public DateTimeOffset? ConnectedAt { get; set; }

    public DateTimeOffset? DisconnectedAt { get; set; }

    /// <summary>When the provider last accepted the credential.</summary>
    public DateTimeOffset? LastOkAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class ConnectionConfiguration : IEntityTypeConfiguration<Connection>
{
    public void Configure(EntityTypeBuilder<Connection> builder)
    {
        builder.Property(connection => connection.Provider).HasMaxLength(64);
        builder.Property(connection => connection.Name).HasMaxLength(Connection.MaxNameLength);
        builder.Property(connection => connection.StatusReason).HasMaxLength(Connection.MaxReasonLength);
        builder.Property(connection => connection.AccountId).HasMaxLength(256);
        builder.Property(connection => connection.AccountName).HasMaxLength(256);
        builder.Property(connection => connection.LeaseOwner).HasMaxLength(64);
        builder.HasIndex(connection => new { connection.OrganizationId, connection.Provider }).IsUnique();
        builder.HasIndex(connection => connection.CheckAt).HasFilter("\"CheckAt\" IS NOT NULL");
    }
}
