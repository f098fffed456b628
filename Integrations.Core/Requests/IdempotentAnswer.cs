using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Requests;

/// <summary>What a creating request with an <c>Idempotency-Key</c> was answered, so that the same request again gets the same answer. Kept for 24 hours.</summary>
public sealed class IdempotentAnswer : ITenantOwned, IHasId
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of the caller, the method, the path and the body.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Null while the first request is under way.</summary>
    public int? Status { get; set; }

    /// <summary>The answer's body, encrypted, because it may show a secret.</summary>
    public byte[]? Body { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class IdempotentAnswerConfiguration : IEntityTypeConfiguration<IdempotentAnswer>
{
    public void Configure(EntityTypeBuilder<IdempotentAnswer> builder)
    {
        builder.Property(answer => answer.Key).HasMaxLength(IdempotencyStore.MaxKeyLength);
        builder.Property(answer => answer.ContentType).HasMaxLength(100);
        builder.Property(answer => answer.Location).HasMaxLength(500);
        builder.HasIndex(answer => new { answer.OrganizationId, answer.Key }).IsUnique();
        builder.HasIndex(answer => answer.CreatedAt);
    }
}
