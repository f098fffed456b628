using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Rests an endpoint that fails. After so many failed tries in a row the circuit opens and nothing is sent; when the rest is over, one try is let through:
/// a success closes the circuit, a failure opens it again.
/// </summary>
internal sealed class CircuitBreaker(DatabaseClock clock)
{
    private int _failures;
    private DateTimeOffset? _openUntil;

    /// <summary>Until when the circuit rests; null when it is closed.</summary>
    public DateTimeOffset? OpenUntil => _openUntil;

    /// <summary>Whether the next try is to show if the endpoint is well again.</summary>
    public bool IsHalfOpen => _openUntil is { } until && until <= clock.UtcNow;

    /// <returns>How long nothing may be sent; zero when something may.</returns>
    public TimeSpan Wait() => _openUntil is { } until && until - clock.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;

    /// <summary>Takes over what was written before this node served the endpoint.</summary>
    public void Restore(CircuitSettings? settings, DateTimeOffset? openUntil)
    {
        _failures = 0;
        _openUntil = settings is null ? null : openUntil;
    }

    /// <summary>Hears of a try.</summary>
    /// <returns>Whether the circuit opened or closed, so that it must be written down.</returns>
    public bool OnTried(CircuitSettings? settings, bool succeeded)
    {
        if (succeeded)
        {
            _failures = 0;
            return Set(null);
        }

        _failures++;
        // Requests that were under way when it opened change nothing.
        return settings is not null && (_openUntil is null ? _failures >= settings.Failures : IsHalfOpen) && Set(WholeMilliseconds(clock.UtcNow + settings.Rest));
    }

    // As it comes back from the database.
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private bool Set(DateTimeOffset? until)
    {
        var changed = _openUntil != until;
        _openUntil = until;
        return changed;
    }
}
