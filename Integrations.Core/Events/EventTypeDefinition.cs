using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Events;

/// <summary>What becomes of an event whose data departs from its type's schema.</summary>
public enum SchemaMode
{
    /// <summary>It is accepted, and the answer and the event tell how it departs.</summary>
    Warn = 0,

    /// <summary>It is refused.</summary>
    Enforce = 1,
}

/// <summary>An event type that an organization added to the catalogue.</summary>
public sealed class EventTypeDefinition : ITenantOwned, IHasId
{
    public const int MaxDescriptionLength = 500;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; init; }

    public required string Description { get; set; }

    /// <summary>An example of <c>data</c>, as JSON.</summary>
    public string? Example { get; set; }

    /// <summary>A JSON Schema that <c>data</c> is held against, or null.</summary>
    public string? Schema { get; set; }

    public SchemaMode SchemaMode { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class EventTypeDefinitionConfiguration : IEntityTypeConfiguration<EventTypeDefinition>
{
    public void Configure(EntityTypeBuilder<EventTypeDefinition> builder)
    {
        builder.Property(type => type.Name).HasMaxLength(EventTypeName.MaxLength);
        builder.Property(type => type.Description).HasMaxLength(EventTypeDefinition.MaxDescriptionLength);
        builder.HasIndex(type => new { type.OrganizationId, type.Name }).IsUnique();
    }
}
