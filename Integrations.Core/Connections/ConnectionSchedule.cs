using Integrations.Core.Providers;

namespace Integrations.Core.Connections;

/// <summary>When the hub looks at a connection next.</summary>
internal static class ConnectionSchedule
{
    public static readonly TimeSpan PendingLife = TimeSpan.FromHours(24);

    private static readonly TimeSpan _probeInterval = TimeSpan.FromHours(24);
    private static readonly TimeSpan _maxMargin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan _firstDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromHours(1);

    /// <summary>The next look at one that works: ahead of the expiry where it can be renewed, and once a day in any case.</summary>
    /// <param name="renewal">How it is renewed; null when it cannot be.</param>
    public static DateTimeOffset? AfterSuccess(AuthMode mode, OAuthMethod? renewal, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (mode == AuthMode.WebhookUrl)
        {
            return null;
        }

        var probe = now + Spread(_probeInterval);
        if (expiresAt is not { } expiry)
        {
            return probe;
        }

        // What cannot be renewed is looked at when it has expired, to say so.
        var look = renewal is not null ? expiry - Spread(renewal.RefreshAhead ?? Margin(expiry - now)) : expiry;
        return look < probe ? (look > now ? look : renewal?.RefreshAhead is null ? now + _firstDelay : probe) : probe;
    }

    /// <summary>Whether a look at one that can be renewed is due because of its expiry, and not for the daily probe or to try again.</summary>
    public static bool IsRefreshDue(OAuthMethod renewal, DateTimeOffset expiresAt, DateTimeOffset now) => expiresAt - now <= (renewal.RefreshAhead ?? _maxMargin) * 1.1;

    /// <summary>The next look after failures in a row: 30 s, doubled each time, an hour at most; later when the provider asks.</summary>
    public static DateTimeOffset AfterFailure(int failures, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var own = TimeSpan.FromSeconds(Math.Min(_longestDelay.TotalSeconds, _firstDelay.TotalSeconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 20))));
        own += Jitter(own);
        return now + (retryAfter is { } asked && asked > own ? asked : own);
    }

    private static TimeSpan Margin(TimeSpan life) => life * 0.2 < _maxMargin ? life * 0.2 : _maxMargin;

    // Up to a tenth longer, so that many connections made at once are not renewed at once for ever.
    private static TimeSpan Spread(TimeSpan time) => time + Jitter(time);

    private static TimeSpan Jitter(TimeSpan time) => time * (Random.Shared.NextDouble() * 0.1);
}
