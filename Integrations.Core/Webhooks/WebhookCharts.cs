using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>Ten minutes of an endpoint.</summary>
/// <param name="Delivered">Tries that were answered 2xx.</param>
/// <param name="Failed">Tries that failed.</param>
/// <param name="P50Milliseconds">The time that half of the tries did not exceed; null when there were none.</param>
public sealed record WebhookChartPoint(DateTimeOffset Since, long Delivered, long Failed, double? P50Milliseconds, double? P95Milliseconds);

/// <summary>How an endpoint fared in the last 24 hours, by its tries; tests are not counted.</summary>
/// <param name="Points">Every ten minutes, oldest first, also those without a try.</param>
/// <param name="SuccessRate">0 to 1; null when nothing was tried.</param>
public sealed record WebhookChart(IReadOnlyList<WebhookChartPoint> Points, long Attempts, double? SuccessRate, double? P50Milliseconds, double? P95Milliseconds);

/// <summary>The charts of webhook endpoints.</summary>
public sealed class WebhookCharts(HubDbContextFactory contexts, TimeProvider time)
{
    private const int PointsPerDay = 144;

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<WebhookChart> LastDayAsync(Actor actor, Guid endpointId, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        if (!await db.WebhookEndpoints.AnyAsync(endpoint => endpoint.Id == endpointId, cancellationToken))
        {
            throw Refusal.NotFound("The webhook endpoint");
        }

        var first = WebhookStatistic.SinceOf(time.GetUtcNow()) - ((PointsPerDay - 1) * WebhookStatistic.Span);
        var rows = await db.WebhookStatistics.AsNoTracking().Where(row => row.EndpointId == endpointId && row.Since >= first).ToListAsync(cancellationToken);
        var bySince = rows.ToLookup(row => row.Since);
        var points = Enumerable.Range(0, PointsPerDay).Select(index => first + (index * WebhookStatistic.Span)).Select(since => Point(since, [.. bySince[since]])).ToList();
        var delivered = points.Sum(point => point.Delivered);
        var attempts = delivered + points.Sum(point => point.Failed);
        return new WebhookChart(points, attempts, attempts == 0 ? null : (double)delivered / attempts, Percentile(rows, 0.5), Percentile(rows, 0.95));
    }

    private static WebhookChartPoint Point(DateTimeOffset since, List<WebhookStatistic> rows) => new(
        since, rows.Where(row => row.IsSuccess).Sum(row => row.Count), rows.Where(row => !row.IsSuccess).Sum(row => row.Count), Percentile(rows, 0.5), Percentile(rows, 0.95));

    private static double? Percentile(IEnumerable<WebhookStatistic> rows, double share) => LatencyScale.Percentile(rows.Select(row => (row.LatencyStep, row.Count)), share);
}
