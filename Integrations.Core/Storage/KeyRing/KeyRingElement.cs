using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Storage.KeyRing;

/// <summary>One element of the Data Protection key ring, encrypted with the master key.</summary>
public sealed class KeyRingElement
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public required byte[] Ciphertext { get; init; }
}

internal sealed class KeyRingElementConfiguration : IEntityTypeConfiguration<KeyRingElement>
{
    public void Configure(EntityTypeBuilder<KeyRingElement> builder) => builder.Property(element => element.Name).HasMaxLength(128);
}
