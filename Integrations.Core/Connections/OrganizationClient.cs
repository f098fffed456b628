using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Connections;

/// <summary>An OAuth client that an organization's Owner registered at a provider and entered here; it goes before the one of the configuration.</summary>
public sealed class OrganizationClient : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Provider { get; init; }

    public required string ClientId { get; set; }

    /// <summary>Encrypted for this row.</summary>
    public required byte[] Secret { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class OrganizationClientConfiguration : IEntityTypeConfiguration<OrganizationClient>
{
    public void Configure(EntityTypeBuilder<OrganizationClient> builder)
    {
        builder.Property(client => client.Provider).HasMaxLength(64);
        builder.Property(client => client.ClientId).HasMaxLength(512);
        builder.HasIndex(client => new { client.OrganizationId, client.Provider }).IsUnique();
    }
}
