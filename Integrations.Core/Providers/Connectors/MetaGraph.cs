using System.Text.Json;

namespace Integrations.Core.Providers.Connectors;

/// <summary>What the Graph APIs of Facebook and Instagram have in common: how they refuse, and how they count.</summary>
internal static class MetaGraph
{
    private static readonly (string Header, string Name)[] _counters = [("X-App-Usage", "app usage in percent"), ("X-Page-Usage", "page usage in percent")];

    /// <summary>What an error's code says; null when it leaves that to the status.</summary>
    /// <remarks>Note: the status of an error is often 400, whatever is wrong.</remarks>
    public static ProviderFaultKind? KindOf(ProviderAnswer answer) => CodeOf(answer) switch
    {
        4 or 17 or 32 or 613 or (>= 80_000 and < 80_100) => ProviderFaultKind.RateLimited,
        190 => ProviderFaultKind.Unauthorized,
        10 or (>= 200 and < 300) => ProviderFaultKind.Forbidden,
        1 or 2 => ProviderFaultKind.Unavailable,
        _ => null,
    };

    /// <summary>The same for an exchange of tokens.</summary>
    /// <remarks>Note: a wrong client secret has the code of a passing failure, and a wrong code that of any wrong parameter, so their words tell.</remarks>
    public static ProviderFaultKind? TokenKindOf(ProviderAnswer answer)
    {
        var (code, message) = (CodeOf(answer), MessageOf(answer) ?? "");
        return code == 101 || Says(message, "client secret") || Says(message, "client_") || Says(message, "platform app") ? ProviderFaultKind.ClientRefused
            : code == 190 || (code is 100 or null && (Says(message, "verification code") || Says(message, "authorization code") || Says(message, "matching code"))) ? ProviderFaultKind.GrantEnded
            : KindOf(answer);
    }

    public static string? MessageOf(ProviderAnswer answer) => answer.TryJson() is { } json ? json.TextAt("error", "message") ?? json.TextAt("error_message") : null;

    /// <summary>Percentages of what the app and the page may use: the highest of calls, time and processor time counts.</summary>
    public static IEnumerable<ProviderQuota> QuotasOf(ProviderAnswer answer)
    {
        foreach (var (header, name) in _counters)
        {
            if (answer.Header(header) is { } text && Highest(text) is { } used)
            {
                yield return new ProviderQuota(name, Math.Max(0, 100 - (long)Math.Ceiling(used)), 100);
            }
        }
    }

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static int? CodeOf(ProviderAnswer answer) => answer.IsSuccess || !int.TryParse(answer.TryJson()?.TextAt("error", "code"), out var code) ? null : code;

    private static double? Highest(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Object ? null : document.RootElement.EnumerateObject()
                .Select(property => property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetDouble() : (double?)null).Max();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
