namespace Integrations.Core.Webhooks.Delivery;

/// <summary>When a failed try is followed by another.</summary>
internal static class RetryPlan
{
    private static readonly TimeSpan _maxRetryAfter = TimeSpan.FromHours(WebhookLimits.MaxRetryAfterHours);

    /// <param name="triesDone">Tries of the present plan, the failed one included; at least 1.</param>
    /// <param name="jitter">0 to 1; lengthens the wait by up to <see cref="WebhookLimits.Jitter"/>, so that many deliveries that failed together do not come back together.</param>
    /// <returns>How long to wait, or null when the plan is used up.</returns>
    public static TimeSpan? NextDelay(IReadOnlyList<int> delays, int triesDone, TimeSpan? retryAfter, double jitter)
    {
        if (triesDone > delays.Count)
        {
            return null;
        }

        var planned = TimeSpan.FromSeconds(delays[triesDone - 1] * (1 + (jitter * WebhookLimits.Jitter)));
        var asked = retryAfter is { } wait ? TimeSpan.FromTicks(Math.Min(wait.Ticks, _maxRetryAfter.Ticks)) : TimeSpan.Zero;
        return asked > planned ? asked : planned;
    }
}
