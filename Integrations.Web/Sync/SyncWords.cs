using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Sync;

namespace Integrations.Web.Sync;

/// <summary>The words of syncs in requests and answers.</summary>
internal static class SyncWords
{
    // The words of earlier products beside ours.
    private static readonly Dictionary<string, SyncStatus[]> _statuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["queued"] = [SyncStatus.Queued],
        ["pending"] = [SyncStatus.Queued],
        ["running"] = [SyncStatus.Running],
        ["in_progress"] = [SyncStatus.Queued, SyncStatus.Running],
        ["completed"] = [SyncStatus.Completed],
        ["success"] = [SyncStatus.Completed],
        ["partial"] = [SyncStatus.Partial],
        ["failed"] = [SyncStatus.Failed],
        ["error"] = [SyncStatus.Failed],
        ["cancelled"] = [SyncStatus.Cancelled],
        ["canceled"] = [SyncStatus.Cancelled],
    };

    public static string Direction(SyncDirections direction) => direction switch
    {
        SyncDirections.In => "in",
        SyncDirections.Out => "out",
        _ => "both",
    };

    public static string Type(SyncType type) => type.ToString().ToLowerInvariant();

    /// <summary>How a connection's last sync went, in the word of its <c>syncStatus</c>.</summary>
    public static string Standing(SyncStanding? standing) => standing?.Last?.Status switch
    {
        null => "never",
        SyncStatus.Queued or SyncStatus.Running => "running",
        SyncStatus.Completed => "success",
        SyncStatus.Partial => "partial",
        SyncStatus.Cancelled => "cancelled",
        _ => "failed",
    };

    /// <exception cref="Refusal">It is none.</exception>
    public static SyncType? ParseType(string? text) => text?.ToLowerInvariant() switch
    {
        null or "" => null,
        "incremental" => SyncType.Incremental,
        "full" => SyncType.Full,
        _ => throw Refusal.Invalid("syncType", "syncType must be incremental or full."),
    };

    /// <exception cref="Refusal">It is none.</exception>
    public static SyncDirections? ParseDirection(string? text, string field = "direction") => text?.ToLowerInvariant() switch
    {
        null or "" => null,
        "in" or "inbound" => SyncDirections.In,
        "out" or "outbound" => SyncDirections.Out,
        "both" or "bidirectional" => SyncDirections.Both,
        _ => throw Refusal.Invalid(field, $"{field} must be in, out or both."),
    };

    /// <exception cref="Refusal">It is none.</exception>
    public static IReadOnlyCollection<SyncStatus>? ParseStatus(string? text) => string.IsNullOrEmpty(text) ? null
        : _statuses.TryGetValue(text, out var statuses) ? statuses
        : throw Refusal.Invalid("status", $"status must be one of {string.Join(", ", _statuses.Keys)}.");
}
