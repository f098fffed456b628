using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.StoredKeys;

/// <summary>Somebody else's secret that a user keeps with us: encrypted, shown masked, opened only to connect a provider with it.</summary>
public sealed class StoredKey : ITenantOwned, IHasId
{
    public const int MaxNameLength = 120;

    /// <summary>As long as a field of a connection may be.</summary>
    public const int MaxValueLength = 8_192;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    /// <summary>The key of the provider whose secret this is, or null when it may be used for any.</summary>
    public string? Provider { get; set; }

    /// <summary>Encrypted for this row.</summary>
    public required byte[] Value { get; set; }

    /// <summary>How the value is shown; kept apart, so that a list opens no secret.</summary>
    public required string Masked { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the value was last opened, or null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class StoredKeyConfiguration : IEntityTypeConfiguration<StoredKey>
{
    public void Configure(EntityTypeBuilder<StoredKey> builder)
    {
        builder.Property(key => key.Name).HasMaxLength(StoredKey.MaxNameLength);
        builder.Property(key => key.Provider).HasMaxLength(64);
        builder.Property(key => key.Masked).HasMaxLength(16);
        builder.HasIndex(key => new { key.OrganizationId, key.Id });
        builder.HasIndex(key => new { key.OrganizationId, key.Name }).IsUnique();
    }
}
