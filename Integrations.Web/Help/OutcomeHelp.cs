using System.Text.Json;
using Integrations.Core.Webhooks;

namespace Integrations.Web.Help;

/// <summary>How a try can end, what it means and what its receiver can do.</summary>
internal static class OutcomeHelp
{
    /// <summary>Each with its name as the REST API has it.</summary>
    public static IReadOnlyList<(string Name, string Text)> All { get; } =
        [.. Enum.GetValues<AttemptOutcome>().Select(outcome => (JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()), Text(outcome)))];

    private static string Text(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Delivered => "You answered 2xx. There is nothing to do.",
        AttemptOutcome.RefusedByStatus => "You answered another status. The try shows the status and the beginning of your answer; your own log has the rest. 401 or 403: check the signature or the endpoint's own headers. 404: check the path. 410 switched the endpoint off.",
        AttemptOutcome.Redirected => "You answered 3xx, and redirects are never followed. Give the final URL: https instead of http, with or without the slash at its end.",
        AttemptOutcome.TimedOut => $"Your whole answer did not come within the time-out. Answer before the work, or set a longer time-out, up to {WebhookLimits.MaxTimeoutSeconds} s.",
        AttemptOutcome.NameNotFound => "The host of the URL has no address. Check its spelling and its DNS records; a name of your own network is not known outside.",
        AttemptOutcome.ConnectFailed => "Nothing accepted the connection. Check that the program runs, that it listens on the port of the URL, and that no firewall stands between.",
        AttemptOutcome.TlsFailed => "No secure connection came about. The certificate has ended, is for another name, or its chain lacks an intermediate certificate.",
        AttemptOutcome.ConnectionLost => "The connection ended before the answer was complete, or what came was not HTTP. Look for a crash, or a proxy that closes connections early. The delivery may have reached you.",
        AttemptOutcome.AddressRefused => "The host leads to a private or reserved address, which the hub does not call. Who runs the hub can allow a network; see local development below.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "The help says nothing of this outcome."),
    };
}
