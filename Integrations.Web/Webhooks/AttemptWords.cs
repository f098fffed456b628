using System.Globalization;
using System.Text;
using System.Text.Json;
using Integrations.Core.Webhooks;

namespace Integrations.Web.Webhooks;

/// <summary>What a page says of one try: its name, its headers, its times and the command that makes the same request.</summary>
public static class AttemptWords
{
    /// <summary>"503", or in a word why there is no status.</summary>
    public static string Outcome(AttemptRow attempt) => Outcome(attempt.Outcome, attempt.ResponseStatus);

    /// <inheritdoc cref="Outcome(AttemptRow)"/>
    public static string Outcome(AttemptOutcome outcome, int? responseStatus) => responseStatus is { } status
        ? status.ToString(CultureInfo.InvariantCulture)
        : outcome switch
        {
            AttemptOutcome.TimedOut => "Timed out",
            AttemptOutcome.NameNotFound => "Host not found",
            AttemptOutcome.ConnectFailed => "Not connected",
            AttemptOutcome.TlsFailed => "TLS failed",
            AttemptOutcome.AddressRefused => "Address refused",
            _ => "No answer",
        };

    /// <summary>"4.2 ms", "1,320 ms".</summary>
    public static string Milliseconds(long microseconds)
    {
        var milliseconds = microseconds / 1000.0;
        return microseconds is > 0 and < 50 ? "< 0.1 ms" : milliseconds.ToString(milliseconds < 100 ? "N1" : "N0", CultureInfo.CurrentCulture) + " ms";
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Headers(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(header => KeyValuePair.Create(header.Name, header.Value.ToString()))];
    }

    /// <summary>A command for a POSIX shell that sends the same request. Hidden header values stay hidden.</summary>
    public static string Curl(AttemptRow attempt) => Curl(attempt.Url, attempt.RequestHeaders, attempt.Body);

    /// <inheritdoc cref="Curl(AttemptRow)"/>
    public static string Curl(string url, string requestHeaders, ReadOnlySpan<byte> body)
    {
        StringBuilder text = new();
        text.Append("curl -X POST ").Append(Quote(url));
        foreach (var (name, value) in Headers(requestHeaders))
        {
            // curl counts the body itself, and a wrong length would hang the receiver.
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                text.Append(" \\\n  -H ").Append(Quote($"{name}: {value}"));
            }
        }

        return text.Append(" \\\n  --data-raw ").Append(Quote(Encoding.UTF8.GetString(body))).ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
