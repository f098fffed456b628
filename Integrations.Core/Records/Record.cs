using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Records;

/// <summary>A contact, product, invoice, payment, or a row of another data type. Its values lie in <see cref="Data"/>; what lists and reports ask for lies beside them.</summary>
public sealed class Record : ITenantOwned, IHasId
{
    public const int MaxNameLength = 200;
    public const int MaxSearchLength = 600;
    public const int MaxKeyLength = 320;

    /// <summary>Of which one unit of money has ten thousand.</summary>
    public const decimal MoneyScale = 10_000m;

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>The name of its <see cref="RecordType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>What people call it, made from its fields.</summary>
    public required string Name { get; set; }

    /// <summary>What a search looks in, in lower case.</summary>
    public required string Search { get; set; }

    /// <summary>Stands for the key by which the same thing of another provider is known (<see cref="RecordShape.MatchHashOf"/>); null for none.</summary>
    public long? MatchHash { get; set; }

    public string? Status { get; set; }

    /// <summary>The value of the type's <see cref="RecordType.KindField"/>.</summary>
    public string? Kind { get; set; }

    /// <summary>In ten-thousandths (<see cref="MoneyScale"/>) of <see cref="Currency"/>.</summary>
    public long? Amount { get; set; }

    /// <summary>As <see cref="Amount"/>.</summary>
    public long? Balance { get; set; }

    public string? Currency { get; set; }

    /// <summary>The day of the thing itself: an invoice's date, a payment's.</summary>
    public DateTimeOffset? Date { get; set; }

    public DateTimeOffset? DueDate { get; set; }

    /// <summary>The contact that it belongs to.</summary>
    public Guid? ContactId { get; set; }

    /// <summary>The invoice that it belongs to.</summary>
    public Guid? InvoiceId { get; set; }

    /// <summary>The values in the one form of <see cref="RecordFields.ToJson"/>.</summary>
    public required byte[] Data { get; set; }

    /// <summary>The print of <see cref="Data"/>.</summary>
    public required Guid Print { get; set; }

    /// <summary>Who made it: a provider's key, or one of <see cref="RecordSource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Fields that somebody else set last: the field's name and who.</summary>
    public Dictionary<string, string> FieldSources { get; set; } = new(StringComparer.Ordinal);

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>Who sets values, beside providers.</summary>
public static class RecordSource
{
    public const string Member = "member";
    public const string Program = "api";
    public const string Import = "import";
}

internal sealed class RecordConfiguration : IEntityTypeConfiguration<Record>
{
    public void Configure(EntityTypeBuilder<Record> builder)
    {
        builder.Property(record => record.Type).HasMaxLength(40);
        builder.Property(record => record.Name).HasMaxLength(Record.MaxNameLength);
        builder.Property(record => record.Search).HasMaxLength(Record.MaxSearchLength);
        builder.Property(record => record.Status).HasMaxLength(40);
        builder.Property(record => record.Kind).HasMaxLength(40);
        builder.Property(record => record.Currency).HasMaxLength(3);
        builder.Property(record => record.Source).HasMaxLength(64);
        builder.HasIndex(record => new { record.OrganizationId, record.Type, record.Id });
        // What syncs push and updatedSince asks for.
        builder.HasIndex(record => new { record.OrganizationId, record.Type, record.UpdatedAt, record.Id });
        builder.HasIndex(record => record.MatchHash).HasFilter("\"MatchHash\" IS NOT NULL");
        builder.HasIndex(record => record.ContactId).HasFilter("\"ContactId\" IS NOT NULL");
        builder.HasIndex(record => record.InvoiceId).HasFilter("\"InvoiceId\" IS NOT NULL");
    }
}
