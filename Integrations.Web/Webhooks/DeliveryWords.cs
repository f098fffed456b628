using System.Globalization;
using Integrations.Core.Webhooks;
using Integrations.Web.Shared;

namespace Integrations.Web.Webhooks;

/// <summary>Where a delivery stands and why, in sentences.</summary>
public static class DeliveryWords
{
    public static IReadOnlyList<FilterOption> Statuses { get; } = FilterOption.Of([.. Enum.GetNames<DeliveryStatus>()]);

    public static DeliveryStatus? ParseStatus(string? text) => Enum.TryParse<DeliveryStatus>(text, ignoreCase: true, out var status) && Enum.IsDefined(status) ? status : null;

    /// <summary>"The endpoint answered 503. Next try in 8 s."</summary>
    public static string Why(DeliveryRow row, DateTimeOffset now) => row.Status switch
    {
        _ when row.WaitsForKey => $"It waits for an earlier delivery with the ordering key {row.OrderingKey}.",
        DeliveryStatus.Failed when row.IsBlocking => $"{Error(row)}Later deliveries with the ordering key {row.OrderingKey} wait until it is retried or skipped.",
        DeliveryStatus.Pending or DeliveryStatus.Retrying when row.CircuitOpenUntil is not null => $"{Error(row)}The endpoint's circuit is open. {Next(row, now)}",
        DeliveryStatus.Pending => row.AttemptCount == 0 ? "It waits for its first try." : "It waits to be sent again.",
        DeliveryStatus.Delivering => row.AttemptCount == 0 ? "The first try is under way." : $"{Error(row)}Try {row.AttemptCount + 1} is under way.",
        DeliveryStatus.Retrying => $"{Error(row)}{Next(row, now)}",
        DeliveryStatus.Delivered => row.AttemptCount == 1
            ? $"The endpoint accepted it with {row.ResponseStatus} at the first try."
            : $"The endpoint accepted it with {row.ResponseStatus} at try {row.AttemptCount}.",
        DeliveryStatus.Failed when row.Trigger == DeliveryTrigger.Test => $"{Error(row)}A test is tried once only.",
        DeliveryStatus.Failed => $"{Error(row)}{(row.AttemptCount == 1 ? "There was 1 try" : $"There were {row.AttemptCount} tries")}, and no other will follow by itself.",
        _ => row.Error ?? "It was given up without a try.",
    };

    /// <summary>The status of the last answer, for a list.</summary>
    public static string Answer(DeliveryRow row) => row switch
    {
        { ResponseStatus: { } status } => status.ToString(CultureInfo.InvariantCulture),
        // A discarded one forgets the answer of the try before.
        { Status: not DeliveryStatus.Discarded, AttemptCount: > 0, Error: not null } => "No answer",
        _ => "—",
    };

    /// <summary>Why a delivery cannot be retried now, or null when it can.</summary>
    /// <param name="endpoint">Null when it was deleted.</param>
    public static string? WhyNoRetry(DeliveryRow row, WebhookDetail? endpoint) => (row, endpoint) switch
    {
        (_, null) => "Its endpoint was deleted.",
        (_, { IsActive: false }) => "The endpoint is switched off. Switch it on first.",
        ({ Status: DeliveryStatus.Delivering }, _) => "A try is under way.",
        _ => null,
    };

    /// <summary>Whether skipping it would change anything.</summary>
    public static bool CanSkip(DeliveryRow row) => row.OrderingKey is not null && (row.IsBlocking || row.Status is DeliveryStatus.Pending or DeliveryStatus.Retrying);

    private static string Error(DeliveryRow row) => row.Error is { Length: > 0 } error ? error + " " : "";

    private static string Next(DeliveryRow row, DateTimeOffset now)
    {
        var wait = row.NextAttemptAt is { } next ? RelativeWords.Until(next, now) : "Now";
        return wait == "Now" ? "The next try is due now." : $"Next try {char.ToLowerInvariant(wait[0])}{wait[1..]}.";
    }
}
