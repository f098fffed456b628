using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Integrations.Core.Providers;

/// <summary>
/// Everything that the hub knows of one provider: what it is, how it is connected, what can be done with it. One sealed class in one file, found by
/// <see cref="ConnectorCatalog"/>; nothing else names the provider. What departs from the standards is overridden here, and nowhere else.
/// </summary>
/// <remarks>Connectors have no state: one instance serves all connections at once. What belongs to a connection comes with its <see cref="ProviderSession"/>.</remarks>
public abstract class Connector
{
    public abstract ConnectorInfo Info { get; }

    public abstract ConnectorHelp Help { get; }

    /// <summary>The ways in which it can be connected, the best one first.</summary>
    public abstract IReadOnlyList<AuthMethod> AuthMethods { get; }

    public virtual IReadOnlyList<ConnectorPermission> Permissions => [];

    public virtual IReadOnlyList<ConnectorDataType> DataTypes => [];

    public virtual IReadOnlyList<ConnectorSetting> Settings => [];

    public virtual IReadOnlyList<ConnectorAction> Actions => [];

    /// <summary>The provider's documented limit for one connection; <c>Providers:{key}:RequestsPerMinute</c> overrides it.</summary>
    public virtual ProviderRateLimit RateLimit => ProviderRateLimit.Unlimited;

    /// <summary>Where the API lies, without a slash at the end; null when each connection has its own. <c>Providers:{key}:ApiBaseUrl</c> overrides it.</summary>
    public virtual string? ApiBaseUrl => null;

    /// <summary>Further URLs by name, which <c>Providers:{key}:Urls:{name}</c> override.</summary>
    public virtual IReadOnlyDictionary<string, string> NamedUrls => new Dictionary<string, string>(StringComparer.Ordinal);

    public OAuthMethod? OAuth => AuthMethods.OfType<OAuthMethod>().FirstOrDefault();

    public WebhookUrlMethod? WebhookUrl => AuthMethods.OfType<WebhookUrlMethod>().FirstOrDefault();

    /// <summary>The fields of a mode in which something is filled in, or null.</summary>
    public FieldsMethod? FieldsOf(AuthMode mode) => AuthMethods.OfType<FieldsMethod>().FirstOrDefault(method => method.Mode == mode);

    /// <summary>Tries the credential with a cheap request and tells whose account it opens. Called before anything is stored, by the test button and by the daily probe.</summary>
    /// <exception cref="ProviderFault">The credential does not work, or the provider does not.</exception>
    public virtual Task<ProviderAccount> TestAsync(ProviderSession session, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{Info.Key} has no credential to test.");

    /// <summary>The API base of a connection, for paths.</summary>
    public virtual string BaseUrlFor(ProviderSession session) => session.Urls.ApiBase ?? throw new InvalidOperationException($"{Info.Key} does not say where its API lies.");

    /// <summary>Why a URL out of a connection's data may not be called, or null: it has to be the provider's own (never a way for a token to leak). The address guard comes on top.</summary>
    public virtual string? WhyNotHost(Uri url) => $"{url.Host} is not an address of {Info.Name}.";

    /// <summary>
    /// Why a URL cannot be one of this provider's webhook URLs, or null when it can: it has the form that <see cref="WebhookUrlMethod.Pattern"/> says, or lies below
    /// <c>Providers:{key}:Urls:hooks</c>, a stand-in for the provider. The address guard comes on top.
    /// </summary>
    public virtual string? WhyNotWebhookUrl(string url, ProviderUrls urls)
    {
        if (WebhookUrl is not { } method)
        {
            return $"{Info.Name} takes no webhook URLs.";
        }

        // As it will be called: with a host in lower case, and no dots that lead elsewhere.
        var called = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : "";
        var isStandIn = urls.Named.TryGetValue(WebhookUrlMethod.StandInName, out var hooks) && called.StartsWith(hooks.TrimEnd('/') + '/', StringComparison.OrdinalIgnoreCase);
        return isStandIn || method.Pattern.Length == 0 || Regex.IsMatch(called, method.Pattern, RegexOptions.NonBacktracking)
            ? null
            : $"A webhook URL of {Info.Name} looks like {method.ExampleFor(urls)}.";
    }

    /// <summary>Puts the credential into a request, whose body is complete.</summary>
    public virtual ValueTask AuthorizeAsync(HttpRequestMessage request, ProviderSession session, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Credential.AccessToken ?? session.Credential[ProviderCredential.ApiKeyName]);
        return ValueTask.CompletedTask;
    }

    /// <summary>The fault that an answer stands for, or null when it is a good one.</summary>
    public virtual ProviderFault? ReadFault(ProviderAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return null;
        }

        var kind = answer.Status switch
        {
            HttpStatusCode.Unauthorized => ProviderFaultKind.Unauthorized,
            HttpStatusCode.Forbidden => ProviderFaultKind.Forbidden,
            HttpStatusCode.TooManyRequests => ProviderFaultKind.RateLimited,
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => ProviderFaultKind.Unavailable,
            _ => ProviderFaultKind.Refused,
        };
        return FaultOf(kind, answer, answer.TryJson() is { } json ? ReadMessage(json) : null);
    }

    /// <summary>What an answer tells of the provider's own counting.</summary>
    public virtual IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer) => [];

    /// <summary>What a setting or a field of an action can be set to, as the provider has it now.</summary>
    /// <exception cref="ProviderFault">The provider did not tell.</exception>
    public virtual Task<IReadOnlyList<SettingChoice>> ListChoicesAsync(ProviderSession session, string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SettingChoice>>([]);

    /// <summary>Does one of <see cref="Actions"/>. Its input is complete.</summary>
    /// <exception cref="ProviderFault">The provider did not do it.</exception>
    public virtual Task<ActionAnswer> RunActionAsync(ProviderSession session, string action, ActionInput input, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{Info.Key} has no action {action}.");

    /// <summary>Reads one page of a data type, in any order that visits every row once.</summary>
    /// <exception cref="ProviderFault">The provider did not tell.</exception>
    public virtual Task<RemotePage> ReadAsync(ProviderSession session, ReadRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{Info.Key} does not read {request.DataType}.");

    /// <summary>Creates or changes rows.</summary>
    /// <returns>A result for each row, in their order.</returns>
    /// <exception cref="ProviderFault">The provider did none of it.</exception>
    public virtual Task<IReadOnlyList<WriteResult>> WriteAsync(ProviderSession session, WriteRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{Info.Key} does not write {request.DataType}.");

    /// <summary>Looks for a row that an earlier try may have made before the hub could write down its id; only asked where <see cref="ConnectorDataType.CreatesOnce"/> is false.</summary>
    /// <returns>The provider's id, or null when it is not there.</returns>
    /// <exception cref="ProviderFault">The provider did not tell.</exception>
    public virtual Task<string?> FindAsync(ProviderSession session, string dataType, OutgoingRow row, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Stores a file, over the one that an earlier sync stored under the same name.</summary>
    /// <exception cref="ProviderFault">The provider did not take it.</exception>
    public virtual Task<ActionAnswer> ExportAsync(ProviderSession session, ExportFile file, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{Info.Key} takes no files.");

    /// <summary>Changes the parameters of the consent page. Called with the standard ones.</summary>
    public virtual void AddAuthorizationParameters(IDictionary<string, string> parameters)
    {
    }

    /// <summary>The token endpoint of one exchange, where it depends on what the callback told.</summary>
    /// <exception cref="ProviderFault">The callback named a host that is not the provider's.</exception>
    public virtual string TokenUrlFor(OAuthExchange exchange) => exchange.Urls.Token!;

    /// <summary>Exchanges the code of a consent (RFC 6749, 4.1.3).</summary>
    /// <exception cref="ProviderFault">The provider did not grant.</exception>
    public virtual async Task<OAuthGrant> ExchangeCodeAsync(OAuthExchange exchange, string code, string? verifier, CancellationToken cancellationToken)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal) { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = exchange.RedirectUri };
        if (verifier is not null)
        {
            form["code_verifier"] = verifier;
        }

        return ReadGrant(await exchange.TokenAsync(form, cancellationToken), null);
    }

    /// <summary>Whether a credential can be renewed without a person.</summary>
    public virtual bool CanRefresh(ProviderCredential credential) => credential.RefreshToken is not null;

    /// <summary>Renews a credential (RFC 6749, 6).</summary>
    /// <exception cref="ProviderFault"><see cref="ProviderFaultKind.GrantEnded"/> and others.</exception>
    public virtual async Task<OAuthGrant> RefreshAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal) { ["grant_type"] = "refresh_token", ["refresh_token"] = credential.RefreshToken! };
        return ReadGrant(await exchange.TokenAsync(form, cancellationToken), credential);
    }

    /// <summary>Revokes a grant (RFC 7009); does nothing where the provider cannot.</summary>
    /// <exception cref="ProviderFault">The provider did not revoke.</exception>
    public virtual async Task RevokeAsync(OAuthExchange exchange, ProviderCredential credential, CancellationToken cancellationToken)
    {
        if (exchange.Urls.Revocation is { } url && (credential.RefreshToken ?? credential.AccessToken) is { } token)
        {
            await exchange.PostAsync(url, new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = token }, cancellationToken);
        }
    }

    /// <summary>The fault that an answer of the token endpoint stands for (RFC 6749, 5.2), or null when it is a grant.</summary>
    public virtual ProviderFault? ReadTokenFault(ProviderAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return null;
        }

        var json = answer.TryJson();
        var error = json?.TextAt("error");
        var kind = (error, answer.Status) switch
        {
            ("invalid_grant", _) => ProviderFaultKind.GrantEnded,
            ("invalid_client" or "unauthorized_client", _) => ProviderFaultKind.ClientRefused,
            (_, HttpStatusCode.TooManyRequests) => ProviderFaultKind.RateLimited,
            ("temporarily_unavailable" or "server_error", _) or (_, HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError) => ProviderFaultKind.Unavailable,
            (_, HttpStatusCode.Unauthorized) => ProviderFaultKind.ClientRefused,
            _ => ProviderFaultKind.Refused,
        };
        return FaultOf(kind, answer, json?.TextAt("error_description") ?? error);
    }

    /// <summary>What the provider calls tokens that are sent as a bearer's (RFC 6749, 7.1).</summary>
    protected virtual IReadOnlyList<string> BearerTypes => ["bearer"];

    /// <summary>Reads a grant (RFC 6749, 5.1).</summary>
    /// <param name="previous">The credential before a refresh: what the answer leaves out stays.</param>
    protected virtual OAuthGrant ReadGrant(JsonElement answer, ProviderCredential? previous)
    {
        var access = answer.TextAt("access_token") ?? throw new ProviderFault(ProviderFaultKind.Refused, $"{Info.Name} granted no access token.");
        if (answer.TextAt("token_type") is { } type && !BearerTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            // A token that proves nothing by itself must not be sent as if it did (RFC 6749, 7.1).
            throw new ProviderFault(ProviderFaultKind.Refused, $"{Info.Name} granted a token of the type {(type.Length > 40 ? type[..40] : type)}, which the hub cannot use.");
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal) { [ProviderCredential.AccessTokenName] = access };
        if ((answer.TextAt("refresh_token") is { Length: > 0 } renewed ? renewed : previous?.RefreshToken) is { } refresh)
        {
            values[ProviderCredential.RefreshTokenName] = refresh;
        }

        var lifetime = int.TryParse(answer.TextAt("expires_in"), out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : OAuth!.DefaultLifetime;
        var scopes = answer.TextAt("scope")?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var facts = OAuth!.TokenFacts.Select(name => (name, Value: answer.TextAt(name))).Where(fact => fact.Value is not null)
            .ToDictionary(fact => fact.name, fact => fact.Value!, StringComparer.Ordinal);
        return new OAuthGrant(new ProviderCredential(values), lifetime, scopes, facts);
    }

    /// <summary>The sentence in which an error body says what is wrong.</summary>
    protected virtual string? ReadMessage(JsonElement body) =>
        body.TextAt("error", "message") ?? body.TextAt("message") ?? body.TextAt("error_description") ?? body.TextAt("detail") ?? body.TextAt("error");

    /// <summary>A fault in words: what the provider answered, and how long it asks to wait.</summary>
    protected ProviderFault FaultOf(ProviderFaultKind kind, ProviderAnswer answer, string? message)
    {
        const int MaxMessage = 300;
        var said = message is { Length: > 0 } ? $": {(message.Length > MaxMessage ? message[..MaxMessage] + "…" : message)}" : ".";
        return new ProviderFault(kind, $"{Info.Name} answered {(int)answer.Status}{said}", answer.Status, RetryAfterOf(answer));
    }

    private static TimeSpan? RetryAfterOf(ProviderAnswer answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when answer.Headers.Date is { } now && date > now => date - now,
        _ => null,
    };
}
