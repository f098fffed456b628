namespace Integrations.Core.Webhooks;

/// <summary>A replay and how far it is.</summary>
/// <param name="StatusReason">Why it stands so, when nobody asked for that; else null.</param>
/// <param name="Total">Deliveries that matched when it began, counted up to some 200,000, or those queued if they became more.</param>
/// <param name="Queued">Put into the queue so far; each is delivered, failed, discarded or waits, unless a later replay took it over.</param>
/// <param name="Waiting">In the queue, or between two tries.</param>
/// <param name="PerSecond">How many it has sent a second on the average; null unless it runs, and in its first moments.</param>
/// <param name="RemainingSeconds">How long it will still take at that pace; null when that cannot be told.</param>
public sealed record ReplayRow(
    Guid Id,
    Guid EndpointId,
    ReplayStatus Status,
    string? StatusReason,
    DateTimeOffset From,
    DateTimeOffset To,
    ReplayTarget Target,
    IReadOnlyList<string> EventTypes,
    int? RatePerSecond,
    int Total,
    int Queued,
    int Delivered,
    int Failed,
    int Discarded,
    int Waiting,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt,
    double? PerSecond,
    int? RemainingSeconds)
{
    private const string EndpointOff = "The endpoint is switched off. Switch it on, then resume the replay.";
    private const string EndpointDeleted = "The endpoint was deleted.";

    /// <summary>Deliveries that were sent, with whatever outcome.</summary>
    public int Done => Math.Max(0, Queued - Waiting);

    internal static ReplayRow Describe(WebhookReplay replay, WebhookEndpoint endpoint, Func<DeliveryStatus, int> count, DateTimeOffset now)
    {
        var waiting = count(DeliveryStatus.Pending) + count(DeliveryStatus.Retrying);
        var total = Math.Max(replay.Total, replay.Queued);
        var done = Math.Max(0, replay.Queued - waiting);
        var pace = replay.Status == ReplayStatus.Running && now - replay.CreatedAt is { TotalSeconds: >= 1 } running && done > 0 ? done / running.TotalSeconds : (double?)null;
        var reason = (replay.Status, endpoint) switch
        {
            (ReplayStatus.Cancelled, { DeletedAt: not null }) => EndpointDeleted,
            (ReplayStatus.Paused, { IsActive: false }) => EndpointOff,
            _ => null,
        };
        return new ReplayRow(
            replay.Id, replay.EndpointId, replay.Status, reason, replay.From, replay.To, replay.Target, replay.EventTypes, replay.RatePerSecond,
            total, replay.Queued, count(DeliveryStatus.Delivered), count(DeliveryStatus.Failed), count(DeliveryStatus.Discarded), waiting,
            replay.CreatedBy, replay.CreatedAt, replay.CompletedAt, pace, pace is { } perSecond ? (int)Math.Ceiling((total - done) / perSecond) : null);
    }
}
