using System.Text.RegularExpressions;

namespace Integrations.Sandbox.Providers.OAuth;

internal sealed record AuthorizeFault(string Error, string Rule);

/// <summary>What a provider demands of a request for consent.</summary>
internal sealed partial class AuthorizeCheck(OAuthProvider provider, IReadOnlyDictionary<string, string> parameters)
{
    private string? Challenge => parameters.GetValueOrDefault("code_challenge");

    /// <summary>What only a page of the provider's own may say.</summary>
    public string? ClientFault()
    {
        if (parameters.GetValueOrDefault("client_id") != provider.ClientId)
        {
            return "client_id is not the one of the registered app";
        }

        var redirect = parameters.GetValueOrDefault("redirect_uri");
        return IsRegistered(redirect) ? null : $"redirect_uri {redirect} is not registered for the app";
    }

    public AuthorizeFault? RequestFault()
    {
        if (parameters.GetValueOrDefault("response_type") is var type && type != "code")
        {
            return new("unsupported_response_type", "response_type must be code");
        }

        // Intuit demands it; the others advise it. A client that sends none cannot tell its own callbacks from forged ones.
        if (parameters.GetValueOrDefault("state") is null or "")
        {
            return new("invalid_request", "state is missing");
        }

        return PkceFault() ?? ScopeFault() ?? (provider.CheckAuthorize(Request()) is { } rule ? new AuthorizeFault("invalid_request", rule) : null);
    }

    public AuthorizeRequest Request() =>
        new(parameters["client_id"], parameters["redirect_uri"], parameters.GetValueOrDefault("state", ""), Scopes(), Challenge, parameters);

    private AuthorizeFault? PkceFault()
    {
        if (Challenge is null)
        {
            return provider.Control.RequiresPkce ? new("invalid_request", "missing required code challenge") : null;
        }

        if (!provider.Rules.TakesPkce)
        {
            return new("invalid_request", "this provider knows no PKCE");
        }

        return parameters.GetValueOrDefault("code_challenge_method") != "S256" ? new("invalid_request", "code_challenge_method must be S256")
            : !S256().IsMatch(Challenge) ? new("invalid_request", "code_challenge must be 43 characters of base64url")
            : null;
    }

    private AuthorizeFault? ScopeFault()
    {
        var text = parameters.GetValueOrDefault("scope", "");
        if (provider.Rules.ScopeSeparators.Length == 0)
        {
            return text.Length == 0 ? null : new("invalid_scope", "this provider has no scopes");
        }

        if (text.Length == 0)
        {
            return new("invalid_scope", "scope is missing");
        }

        if (text.Any(c => c is ' ' or ',' && !provider.Rules.ScopeSeparators.Contains(c, StringComparison.Ordinal)) || (text.Contains(' ', StringComparison.Ordinal) && text.Contains(',', StringComparison.Ordinal)))
        {
            return new("invalid_scope", $"scopes must be separated by {(provider.Rules.ScopeSeparators == "," ? "a comma" : "a space")}");
        }

        return Scopes().FirstOrDefault(scope => !provider.Rules.Scopes.Contains(scope)) is { } unknown
            ? new("invalid_scope", $"{unknown} is no scope of this provider")
            : null;
    }

    private IReadOnlyList<string> Scopes() => provider.Rules.ScopeSeparators.Length == 0
        ? []
        : [.. parameters.GetValueOrDefault("scope", "").Split([.. provider.Rules.ScopeSeparators], StringSplitOptions.RemoveEmptyEntries)];

    // The sandbox is not told the hub's address, only, by the design, the path of its callbacks; a test may register the one URI.
    private bool IsRegistered(string? redirect) => provider.Control.RedirectUri is { } registered
        ? redirect == registered
        : Uri.TryCreate(redirect, UriKind.Absolute, out var uri)
            && uri is { Fragment: "", Query: "", UserInfo: "" }
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            && uri.AbsolutePath.EndsWith($"/api/integrations/oauth/{provider.Key}/callback", StringComparison.Ordinal);

    [GeneratedRegex("^[A-Za-z0-9_-]{43}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex S256();
}
