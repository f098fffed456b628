using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.ApiKeys;

/// <summary>A key that we issue for calling our REST API. Only its hash is kept.</summary>
public sealed class ApiKey : ITenantOwned, IHasId
{
    public const int MaxNameLength = 120;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the whole key. A fast hash suffices: the key has 256 random bits, so there is no dictionary to try.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The first characters, for display.</summary>
    public required string Prefix { get; init; }

    public required string LastFour { get; init; }

    public required List<string> Scopes { get; set; }

    /// <summary>When the key ends, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.Property(key => key.Name).HasMaxLength(ApiKey.MaxNameLength);
        builder.Property(key => key.Prefix).HasMaxLength(16);
        builder.Property(key => key.LastFour).HasMaxLength(4);
        builder.Property(key => key.CreatedBy).HasMaxLength(256);
        builder.HasIndex(key => key.Hash).IsUnique();
        builder.HasIndex(key => new { key.OrganizationId, key.Id });
    }
}
