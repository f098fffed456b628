using System.Text.Json.Serialization;

namespace Integrations.Sandbox.Providers;

/// <summary>What PUT /control/{provider} changes; what is not named stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ControlSetting
{
    /// <summary>One line for people.</summary>
    public const string Help =
        """{"expireTokens":true}, {"revokeGrants":true}, {"fail":"/path","answer":"rate-limit;retry-after=3","times":2} (answers: status:503, hang, slow:5000, reset, broken-json, cut, late:2000), {"failEvery":10,"answer":"cut"}, {"tokenError":"invalid_client"} (invalid_grant, temporarily_unavailable), {"consentError":"access_denied"}, {"refuseRefresh":true}, {"rotateTokens":true}, {"requirePkce":true}, {"redirectUri":"…"}, {"account":2}""";

    public bool? ExpireTokens { get; init; }

    public bool? RevokeGrants { get; init; }

    /// <summary>The beginning of the paths that answer <see cref="Answer"/>.</summary>
    public string? Fail { get; init; }

    public string Answer { get; init; } = "status:503";

    public int Times { get; init; } = 1;

    /// <summary>Every so many data calls answer <see cref="Answer"/>.</summary>
    public int? FailEvery { get; init; }

    public string? TokenError { get; init; }

    public string? ConsentError { get; init; }

    public bool? RefuseRefresh { get; init; }

    public bool? RotateTokens { get; init; }

    public bool? RequirePkce { get; init; }

    public string? RedirectUri { get; init; }

    public int? Account { get; init; }

    /// <exception cref="FormatException">An answer is not known.</exception>
    public void Apply(ProviderControl control)
    {
        if (FailEvery is { } calls)
        {
            control.FailEvery(calls, Answer, Fail ?? "");
        }
        else if (Fail is { } path)
        {
            control.Fail(path, Answer, Times);
        }

        if (TokenError is { } error)
        {
            control.FailTokenRequests(error, Times);
        }

        if (ConsentError is { } refusal)
        {
            control.FailNextConsent(refusal);
        }

        if (ExpireTokens == true)
        {
            control.ExpireAccessTokens();
        }

        if (RevokeGrants == true)
        {
            control.RevokeGrants();
        }

        control.UseAccount(Account ?? control.AccountNumber);
        control.RefusesRefresh = RefuseRefresh ?? control.RefusesRefresh;
        control.RotatesTokens = RotateTokens ?? control.RotatesTokens;
        control.RequiresPkce = RequirePkce ?? control.RequiresPkce;
        control.RedirectUri = RedirectUri ?? control.RedirectUri;
    }
}
