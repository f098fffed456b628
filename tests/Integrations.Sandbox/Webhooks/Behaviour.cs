using System.Globalization;

namespace Integrations.Sandbox.Webhooks;

/// <summary>How a name answers, read from text such as <c>status:429;retry-after=30</c>.</summary>
internal abstract record Behaviour(string Text)
{
    public static Behaviour Ok { get; } = new Status("ok", StatusCodes.Status200OK, null);

    /// <exception cref="FormatException">The text names no behaviour.</exception>
    public static Behaviour Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        var argument = colon < 0 ? "" : text[(colon + 1)..];
        return (kind, argument) switch
        {
            ("ok", "") => Ok,
            ("status", _) => ParseStatus(text, argument),
            ("slow", _) => new Slow(text, TimeSpan.FromMilliseconds(Number(text, argument, 0, 3_600_000))),
            ("hang", "") => new Hang(text),
            ("reset", "") => new Reset(text),
            ("redirect", not "") => new Redirect(text, argument),
            ("huge", "") => new Huge(text),
            ("drip", "") => new Drip(text),
            ("gzip-bomb", "") => new GzipBomb(text),
            ("flaky", _) => Flaky(text, Number(text, argument, 1, 1000)),
            ("sequence", not "") => new Sequence(text, [.. argument.Split(',').Select(ParseStep)]),
            _ => throw Unknown(text),
        };
    }

    /// <summary>The step that the request with this number (from 0, since the behaviour was set) meets.</summary>
    public virtual Behaviour At(long number) => this;

    private static Status ParseStatus(string text, string argument)
    {
        var parts = argument.Split(";retry-after=", 2);
        return new Status(text, Number(text, parts[0], 200, 599), parts.Length == 2 ? parts[1] : null);
    }

    /// <summary>A step is a bare status or any behaviour that has no steps itself.</summary>
    private static Behaviour ParseStep(string step)
    {
        var behaviour = Parse(step.Length > 0 && char.IsAsciiDigit(step[0]) ? "status:" + step : step);
        return behaviour is Sequence ? throw Unknown(step) : behaviour;
    }

    private static Sequence Flaky(string text, int failures) =>
        new(text, [.. Enumerable.Repeat(new Status("status:500", StatusCodes.Status500InternalServerError, null), failures), Ok]);

    private static int Number(string text, string argument, int least, int most) =>
        int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw Unknown(text);

    private static FormatException Unknown(string text) => new(
        $"'{text}' is not a behaviour. Known: ok, status:{{code}}[;retry-after={{value}}], slow:{{ms}}, hang, reset, redirect:{{url}}, huge, drip, gzip-bomb, "
        + "flaky:{n}, sequence:{step},{step} where a step is a status or one of the others.");
}

internal sealed record Status(string Text, int Code, string? RetryAfter) : Behaviour(Text);

internal sealed record Slow(string Text, TimeSpan Delay) : Behaviour(Text);

internal sealed record Hang(string Text) : Behaviour(Text);

internal sealed record Reset(string Text) : Behaviour(Text);

internal sealed record Redirect(string Text, string Location) : Behaviour(Text);

internal sealed record Huge(string Text) : Behaviour(Text);

internal sealed record Drip(string Text) : Behaviour(Text);

internal sealed record GzipBomb(string Text) : Behaviour(Text);

/// <summary>The last step repeats.</summary>
internal sealed record Sequence(string Text, IReadOnlyList<Behaviour> Steps) : Behaviour(Text)
{
    public override Behaviour At(long number) => Steps[(int)Math.Min(number, Steps.Count - 1)];
}
