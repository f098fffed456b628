using System.Globalization;
using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox.Providers.Faults;

/// <summary>An answer that a provider gives on demand, read from text.</summary>
internal abstract record Fault
{
    public const string Known = "rate-limit[;retry-after={value}], broken-json, cut, late:{ms}, or a behaviour of the receiver such as status:503;retry-after=30, slow:5000, hang, reset";

    private const string Limit = "rate-limit";

    /// <exception cref="FormatException">The text names no answer.</exception>
    public static Fault Parse(string text) => text switch
    {
        Limit => new RateLimit(null),
        _ when text.StartsWith(Limit + ";retry-after=", StringComparison.Ordinal) => new RateLimit(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]),
        "broken-json" => new BrokenJson(),
        "cut" => new Cut(),
        _ when text.StartsWith("late:", StringComparison.Ordinal) => int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var delay)
            ? new Late(TimeSpan.FromMilliseconds(delay))
            : throw new FormatException($"'{text}' is not an answer. Known: {Known}."),
        _ => new Behaving(Behaviour.Parse(text)),
    };
}

/// <summary>In the provider's own form, which is not always 429.</summary>
internal sealed record RateLimit(string? RetryAfter) : Fault;

internal sealed record BrokenJson : Fault;

/// <summary>The true answer, but the connection breaks in the middle of its body.</summary>
internal sealed record Cut : Fault;

/// <summary>The true answer, after a while.</summary>
internal sealed record Late(TimeSpan Delay) : Fault;

internal sealed record Behaving(Behaviour Behaviour) : Fault;
