using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Integrations.Core.Providers.Connectors;

/// <summary>What Google's products have in common: one authorization server, one client, one form of errors.</summary>
public abstract partial class GoogleConnector : Connector
{
    /// <summary>The step that every product's help ends with, and those that it begins with.</summary>
    protected static IReadOnlyList<string> StepsFor(string api) =>
    [
        $"Open console.cloud.google.com, make or choose a project and enable the {api} in APIs & Services, Library.",
        "Set up the OAuth consent screen (Google Auth Platform) and add the scopes that the hub asks for. While it is in the status Testing, Google ends every consent after seven days.",
        "Make an OAuth client of the type Web application and add the hub's redirect URI to it.",
        "Copy the client id and the client secret and enter both in Settings, Providers. Gmail and Google Drive can share one client.",
    ];

    protected static OAuthMethod OAuthWith(params IReadOnlyList<string> baseScopes) => new("https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token")
    {
        RevocationUrl = "https://oauth2.googleapis.com/revoke",
        BaseScopes = baseScopes,
        UsesPkce = true,
        // Note: Google gives a refresh token for offline access only, and again only when the person is asked again.
        AuthorizationParameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["access_type"] = "offline", ["prompt"] = "consent" },
        DefaultLifetime = TimeSpan.FromHours(1),
        Issuer = "https://accounts.google.com",
        ClientEnvironment = ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    };

    public override ProviderFault? ReadFault(ProviderAnswer answer)
    {
        if (base.ReadFault(answer) is not { } fault)
        {
            return null;
        }

        var error = answer.TryJson();
        var reason = error?.ItemsAt("error", "errors").Select(item => item.TextAt("reason")).FirstOrDefault() ?? error?.TextAt("error", "status");
        // Note: too many calls are a 403 as often as a 429; the reason tells.
        var isThrottled = fault.Kind == ProviderFaultKind.RateLimited
            || (answer.Status == HttpStatusCode.Forbidden && reason is "rateLimitExceeded" or "userRateLimitExceeded" or "dailyLimitExceeded" or "quotaExceeded" or "RESOURCE_EXHAUSTED");
        return isThrottled ? new ProviderFault(ProviderFaultKind.RateLimited, fault.Message, fault.Status, fault.RetryAfter ?? WaitIn(answer)) : fault;
    }

    public override ProviderFault? ReadTokenFault(ProviderAnswer answer) => base.ReadTokenFault(answer) switch
    {
        // Note: a refresh token that another client was given, such as a pasted one, is refused so (unverified); nothing is wrong with the hub's own client then.
        { Kind: ProviderFaultKind.ClientRefused } fault when answer.TryJson()?.TextAt("error") == "unauthorized_client" => new ProviderFault(ProviderFaultKind.GrantEnded, fault.Message, fault.Status),
        var other => other,
    };

    public override async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        // Note: Google takes the token alone, whoever sends it.
        using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Urls.Revocation)
        {
            Content = new FormUrlEncodedContent([new("token", credential.RefreshToken ?? credential.AccessToken ?? "")]),
        };
        try
        {
            await exchange.SendAsync(request, cancellationToken);
        }
        catch (ProviderFault fault) when (fault.Status == HttpStatusCode.BadRequest)
        {
            // invalid_token: it had ended already.
        }
    }

    // Note: Gmail says the time at which to come back in the sentence: "User-rate limit exceeded.  Retry after 2026-01-01T00:00:00.000Z".
    private static TimeSpan? WaitIn(ProviderAnswer answer) =>
        RetryAfter().Match(answer.TryJson()?.TextAt("error", "message") ?? "") is { Success: true } match
        && DateTimeOffset.TryParse(match.Groups["time"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && answer.Headers.Date is { } now && time > now
            ? time - now
            : null;

    [GeneratedRegex(@"Retry after (?<time>\d{4}-\d\d-\d\dT[\d:.]+Z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex RetryAfter();
}
