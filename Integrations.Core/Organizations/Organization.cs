using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Organizations;

/// <summary>The tenant: everything but users belongs to one organization.</summary>
public sealed class Organization : IHasId
{
    public const int MaxNameLength = 120;

    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Lower-case letters, digits and hyphens; unique in the installation; never changes, because partners' links carry it.</summary>
    public required string Slug { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Another random number after every change to the organization's webhook endpoints, so that caches of them know when to read again.</summary>
    public long WebhooksStamp { get; set; }

    /// <summary>Where connect links may lead people afterwards, beside the hub itself (<see cref="Organizations.ReturnUrls"/>).</summary>
    public List<string> ReturnUrls { get; set; } = [];
}

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> builder)
    {
        builder.Property(organization => organization.Name).HasMaxLength(Organization.MaxNameLength);
        builder.Property(organization => organization.Slug).HasMaxLength(64);
        builder.HasIndex(organization => organization.Slug).IsUnique();
    }
}
