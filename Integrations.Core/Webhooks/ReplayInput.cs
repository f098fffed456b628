namespace Integrations.Core.Webhooks;

/// <summary>What a caller wants sent again.</summary>
public sealed record ReplayInput
{
    /// <summary>In place of a status: events that the endpoint subscribes to and for which it has no delivery.</summary>
    public const string Missing = "missing";

    /// <summary>In place of a status: what was discarded because the endpoint was off.</summary>
    public const string Kept = "kept";

    /// <summary>Deliveries made at or after; 24 hours before <see cref="To"/> when null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Deliveries made before; now when null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary><c>delivered</c>, <c>failed</c>, <c>discarded</c>, <see cref="Kept"/> or <see cref="Missing"/>; null for all that have ended.</summary>
    public string? Status { get; init; }

    /// <summary>Types, families (<c>invoice.*</c>) or aliases; null or empty for all.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>Deliveries sent again a second at most, 1 to 1,000; null for as fast as the endpoint takes them.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>The word by which <see cref="Status"/> asks for a target; null for <see cref="ReplayTarget.Ended"/>.</summary>
    public static string? Word(ReplayTarget target) => target == ReplayTarget.Ended ? null : target.ToString().ToLowerInvariant();
}

/// <summary>How many deliveries a replay would send again.</summary>
/// <param name="Matched">Those found; with a filter over the payload perhaps fewer.</param>
/// <param name="IsWhole">False when there was more to look through than is counted.</param>
public sealed record ReplayCount(int Matched, bool IsWhole);
