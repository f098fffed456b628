using System.Text.RegularExpressions;
using Integrations.Core.Security;

namespace Integrations.Core.Webhooks;

/// <summary>Which headers an endpoint may add to its requests.</summary>
public static partial class WebhookHeaders
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";
    public const string EndpointId = "X-Webhook-Id";
    public const string EventName = "X-Webhook-Event";

    /// <summary>The hex signature by the new secret, while a secret is being changed.</summary>
    public const string NextSignature = "X-Webhook-Signature-Next";

    public const int MaxCount = 20;
    public const int MaxValueLength = 4096;

    private static readonly HashSet<string> _denied = new(StringComparer.OrdinalIgnoreCase)
    {
        // Hop-by-hop (RFC 9110, 7.6.1), and what the client or the proxy on the way decides.
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "Expect", "Accept-Encoding", "Cookie", "User-Agent", "Date", "Forwarded", "Via",
        WebhookOptions.DefaultSignatureHeader, NextSignature, EndpointId, EventName,
    };

    private static readonly string[] _deniedPrefixes = ["Content-", "webhook-", "X-Forwarded-"];

    /// <summary>Adds what is wrong with an endpoint's own headers.</summary>
    public static void Check(IReadOnlyDictionary<string, string> headers, Faults faults)
    {
        faults.AddIf(headers.Count > MaxCount, "headers", $"headers may hold at most {MaxCount}.");
        faults.AddIf(headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() != headers.Count, "headers", "headers names a header twice; upper and lower case are the same.");
        foreach (var (name, value) in headers)
        {
            var field = $"headers.{name}";
            if (value is null)
            {
                faults.Add(field, $"The value of {name} may not be null. Leave the header out instead.");
                continue;
            }

            if (!IsName(name))
            {
                faults.Add(field, $"{name} is not a header name.");
            }
            else
            {
                faults.AddIf(IsReserved(name), field, $"{name} is set by the hub or by HTTP itself and cannot be changed.");
            }

            faults.AddIf(value.Length > MaxValueLength, field, $"The value of {name} may have at most {MaxValueLength} characters.");
            faults.AddIf(value.Any(character => character is < ' ' or > '~'), field, $"The value of {name} must be printable ASCII.");
        }
    }

    /// <summary>Adds what is wrong with the name for the hex signature.</summary>
    public static void CheckSignatureHeader(string name, Faults faults)
    {
        faults.AddIf(!IsName(name), "signatureHeader", "signatureHeader must be a header name of at most 64 letters, digits and hyphens, such as X-Invoicy-Signature.");
        faults.AddIf(
            !string.Equals(name, WebhookOptions.DefaultSignatureHeader, StringComparison.OrdinalIgnoreCase) && IsReserved(name),
            "signatureHeader",
            $"{name} is set by the hub or by HTTP itself; choose another name.");
    }

    private static bool IsReserved(string name) =>
        _denied.Contains(name) || Array.Exists(_deniedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static bool IsName(string name) => Name().IsMatch(name);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-_]{0,63}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
