using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Api;

namespace Integrations.Web.Webhooks;

/// <summary>
/// What to send again: deliveries made from <c>from</c> (24 hours before <c>to</c> when absent) to <c>to</c> (now), with a <c>status</c> (delivered, failed,
/// discarded; kept, for what was discarded because the endpoint was off; or missing, for events that the endpoint never got) and <c>eventTypes</c>.
/// </summary>
internal sealed record ReplayRequest(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Status = null, IReadOnlyList<string>? EventTypes = null, int? RatePerSecond = null)
{
    public ReplayInput ToInput() => new() { From = From, To = To, Status = Status, EventTypes = EventTypes, RatePerSecond = RatePerSecond };
}

/// <summary>A replay and how far it is. <c>deliveryStatus</c> is null when it takes all that have ended.</summary>
internal sealed record ReplayResource(
    string Id,
    string WebhookId,
    ReplayStatus Status,
    string? StatusReason,
    DateTimeOffset From,
    DateTimeOffset To,
    string? DeliveryStatus,
    IReadOnlyList<string> EventTypes,
    int? RatePerSecond,
    int Total,
    int Queued,
    int Waiting,
    int Delivered,
    int Failed,
    int Discarded,
    int? RemainingSeconds,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt)
{
    public static ReplayResource Of(ReplayRow row) => new(
        PublicId.Format(PublicId.Replay, row.Id),
        PublicId.Format(PublicId.WebhookEndpoint, row.EndpointId),
        row.Status,
        row.StatusReason,
        row.From,
        row.To,
        ReplayInput.Word(row.Target),
        row.EventTypes,
        row.RatePerSecond,
        row.Total,
        row.Queued,
        row.Waiting,
        row.Delivered,
        row.Failed,
        row.Discarded,
        row.RemainingSeconds,
        row.CreatedBy,
        row.CreatedAt,
        row.CompletedAt);
}

/// <param name="Count">Those found; where the endpoint has a filter, of missing events perhaps fewer are sent.</param>
/// <param name="IsWhole">False when there was more to look through than is counted.</param>
internal sealed record ReplayCountAnswer(int Count, bool IsWhole) : Answer;

internal sealed record ReplayAnswer(ReplayResource Replay) : Answer;

internal sealed record ReplaysAnswer(IReadOnlyList<ReplayResource> Replays, string? NextCursor) : Answer;
