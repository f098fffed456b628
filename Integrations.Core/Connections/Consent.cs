using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Integrations.Core.Connections;

/// <summary>What a consent came to.</summary>
public enum ConsentOutcome
{
    /// <summary>Not ended yet.</summary>
    Open = 0,

    Connected = 1,

    /// <summary>The person said no at the provider.</summary>
    Refused = 2,

    Failed = 3,

    /// <summary>Another account consented than the one that is connected; somebody has to decide.</summary>
    OtherAccount = 4,

    /// <summary>The other account was not taken.</summary>
    Kept = 5,
}

/// <summary>
/// One person's way to a provider's consent page and back. It begins as a link, is started once by one browser, and comes back once with its state.
/// Links live for <see cref="LinkLifetime"/>, states for <see cref="StateLifetime"/>; rows go after a day.
/// </summary>
public sealed class Consent : ITenantOwned, IHasId
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan StateLifetime = TimeSpan.FromMinutes(10);

    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ConnectionId { get; init; }

    public required string Provider { get; init; }

    /// <summary>The member who has to be signed in when it starts and comes back; null for a link that anybody may use.</summary>
    public Guid? MemberId { get; init; }

    /// <summary>Who made it, for the audit log.</summary>
    public required string StartedBy { get; init; }

    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; init; }

    public required DateTimeOffset LinkExpiresAt { get; init; }

    public required List<string> Permissions { get; init; }

    public required List<string> Scopes { get; init; }

    /// <summary>Where the browser goes at the end; null for a page of the hub.</summary>
    public string? ReturnTo { get; init; }

    /// <summary>The caller's own state, given back at the end.</summary>
    public string? CallerState { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>SHA-256 of the state; null until it starts.</summary>
    public byte[]? StateHash { get; set; }

    /// <summary>SHA-256 of the browser's nonce, which its cookie carries.</summary>
    public byte[]? NonceHash { get; set; }

    /// <summary>The PKCE verifier, encrypted for this row.</summary>
    public byte[]? Verifier { get; set; }

    /// <summary>When its state came back: that works once.</summary>
    public DateTimeOffset? ReturnedAt { get; set; }

    public ConsentOutcome Outcome { get; set; }

    /// <summary>What went wrong, in a sentence, or the name of the other account.</summary>
    public string? Reason { get; set; }

    /// <summary>What another account granted, encrypted for this row, until somebody decides.</summary>
    public byte[]? Grant { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ConsentConfiguration : IEntityTypeConfiguration<Consent>
{
    public void Configure(EntityTypeBuilder<Consent> builder)
    {
        builder.Property(consent => consent.Provider).HasMaxLength(64);
        builder.Property(consent => consent.StartedBy).HasMaxLength(256);
        builder.Property(consent => consent.TokenHash).HasMaxLength(32);
        builder.Property(consent => consent.StateHash).HasMaxLength(32);
        builder.Property(consent => consent.NonceHash).HasMaxLength(32);
        builder.Property(consent => consent.ReturnTo).HasMaxLength(2048);
        builder.Property(consent => consent.CallerState).HasMaxLength(1024);
        builder.Property(consent => consent.Reason).HasMaxLength(Connection.MaxReasonLength);
        builder.HasIndex(consent => consent.TokenHash).IsUnique();
        builder.HasIndex(consent => consent.StateHash).IsUnique().HasFilter("\"StateHash\" IS NOT NULL");
        builder.HasIndex(consent => new { consent.OrganizationId, consent.Id });
    }
}
