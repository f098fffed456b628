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

    /// <summary>Deliveries that were kept because their endpoint was switched off, for a replay.</summary>
    [Range(1, 3_650)]
    public int KeptDays { get; set; } = 14;

    /// <summary>What the charts of webhook endpoints are drawn from.</summary>
    [Range(1, 3_650)]
    public int StatisticDays { get; set; } = 90;

    /// <summary>Sync runs, with the records that failed in them.</summary>
    [Range(1, 3_650)]
    public int SyncDays { get; set; } = 90;

    /// <summary>The audit log, and the histories of records.</summary>
    [Range(1, 3_650)]
    public int AuditDays { get; set; } = 730;
}

/// <summary>Rows of a feature that go when they are old.</summary>
/// <param name="Sql">Deletes a lot of at most <see cref="LotSize"/> of those that are older than <c>$1</c>.</param>
/// <param name="Days">For how long they are kept.</param>
/// <param name="Bind">Binds <c>$1</c> to a time.</param>
public sealed record RetentionRule(string Sql, Func<RetentionOptions, int> Days, Action<ParameterBinder, DateTimeOffset> Bind)
{
    /// <summary>Rows deleted at once, so that nothing else waits for long.</summary>
    public const int LotSize = 500;

    /// <summary>All rows of a table whose keys are time-ordered, so that age is a range of keys.</summary>
    public static RetentionRule OfTable(string table, Func<RetentionOptions, int> days) => new(
        $"""DELETE FROM "{table}" WHERE "Id" IN (SELECT "Id" FROM "{table}" WHERE "Id" < $1 ORDER BY "Id" LIMIT {LotSize})""",
        days,
        static (bind, oldest) => bind.Add(TimeOrderedId.LowestAt(oldest)));
}

/// <summary>Deletes what is older than the rules say, in small lots.</summary>
public sealed class RetentionSweep(IEnumerable<RetentionRule> rules, IGroupWriter writer, IOptions<RetentionOptions> options, TimeProvider time)
{
    /// <returns>Rows deleted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        foreach (var rule in rules)
        {
            var oldest = time.GetUtcNow().AddDays(-rule.Days(options.Value));
            int deleted;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                deleted = await writer.WriteAsync(session => session.ExecuteAsync(rule.Sql, bind => rule.Bind(bind, oldest)), cancellationToken);
                total += deleted;
            }
            while (deleted == RetentionRule.LotSize);
        }

        return total;
    }
}
