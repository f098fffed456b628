using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Storage;

/// <summary>Section <c>Retention</c>: for how many days things are kept.</summary>
public sealed class RetentionOptions
{
    /// <summary>Every try of a delivery, with its headers and bodies. The delivery itself keeps how it ended.</summary>
    [Range(1, 3_650)]
    public int AttemptDays { get; set; } = 30;

    /// <summary>At least 16: the longest retry plan takes 15 days, and nothing that is still tried may go.</summary>
    [Range(16, 3_650)]
    public int DeliveryDays { get; set; } = 90;

    /// <inheritdoc cref="DeliveryDays"/>
    [Range(16, 3_650)]
    public int EventDays { get; set; } = 90;

    [Range(1, 3_650)]
    public int AuditDays { get; set; } = 730;
}

/// <summary>A feature's table whose rows go when they are old. Their keys are time-ordered, so age is a range of keys.</summary>
/// <param name="Days">For how long rows are kept.</param>
public sealed record RetentionRule(string Table, Func<RetentionOptions, int> Days);

/// <summary>Deletes what is older than the rules say, in small lots, so that nothing else waits for long.</summary>
public sealed class RetentionSweep(IEnumerable<RetentionRule> rules, IGroupWriter writer, IOptions<RetentionOptions> options, TimeProvider time)
{
    private const int LotSize = 500;

    /// <returns>Rows deleted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        foreach (var rule in rules)
        {
            var oldest = TimeOrderedId.LowestAt(time.GetUtcNow().AddDays(-rule.Days(options.Value)));
            // The table's name is a constant of the feature that registered the rule.
            var sql = $"""DELETE FROM "{rule.Table}" WHERE "Id" IN (SELECT "Id" FROM "{rule.Table}" WHERE "Id" < $1 ORDER BY "Id" LIMIT {LotSize})""";
            int deleted;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                deleted = await writer.WriteAsync(session => session.ExecuteAsync(sql, bind => bind.Add(oldest)), cancellationToken);
                total += deleted;
            }
            while (deleted == LotSize);
        }

        return total;
    }
}
