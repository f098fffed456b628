using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Integrations.Core.Providers;

/// <summary>The hub as an OAuth client talks to one provider's authorization server, for one consent or one refresh.</summary>
public sealed class OAuthExchange(Connector connector, ProviderUrls urls, OAuthClient client, string redirectUri, Func<HttpRequestMessage, CancellationToken, Task<ProviderAnswer>> send)
{
    private static readonly string[] _secretFields = ["code", "code_verifier", "refresh_token", "token", "access_token", "fb_exchange_token"];
    private readonly OAuthMethod _method = connector.OAuth ?? throw new InvalidOperationException($"{connector.Info.Key} has no OAuth.");

    public ProviderUrls Urls { get; } = urls;

    public OAuthClient Client { get; } = client;

    /// <summary>The same in the authorization and in the token request (RFC 6749, 4.1.3).</summary>
    public string RedirectUri { get; } = redirectUri;

    /// <summary>What the callback told, and what the connection knows already.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The address of the consent page (RFC 6749, 4.1.1; RFC 7636, 4.3).</summary>
    /// <param name="verifier">The PKCE verifier, or null where the provider does not take it.</param>
    public string AuthorizationUrl(string state, IReadOnlyCollection<string> scopes, string? verifier)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = Client.Id,
            ["redirect_uri"] = RedirectUri,
            ["state"] = state,
        };
        if (_method.ScopeParameter is { } name && scopes.Count > 0)
        {
            parameters[name] = string.Join(_method.ScopeSeparator, scopes);
        }

        if (verifier is not null)
        {
            parameters["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
            parameters["code_challenge_method"] = "S256";
        }

        foreach (var (key, value) in _method.AuthorizationParameters)
        {
            parameters[key] = value;
        }

        connector.AddAuthorizationParameters(parameters);
        var query = string.Join('&', parameters.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var page = Urls.Authorization!;
        return $"{page}{(page.Contains('?') ? '&' : '?')}{query}";
    }

    /// <summary>Asks the token endpoint, as this client.</summary>
    /// <exception cref="ProviderFault">It did not grant.</exception>
    public async Task<JsonElement> TokenAsync(IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(connector.TokenUrlFor(this), form, cancellationToken);
        return answer.Json;
    }

    /// <summary>Posts a form to one of the authorization server's endpoints, as this client (RFC 6749, 2.3.1).</summary>
    /// <exception cref="ProviderFault">It was refused.</exception>
    public async Task<ProviderAnswer> PostAsync(string url, IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        Dictionary<string, string> fields = new(form, StringComparer.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        if (_method.ClientAuthentication == ClientAuthentication.Basic)
        {
            request.Headers.Authorization = Basic();
        }
        else
        {
            fields["client_secret"] = Client.Secret;
            if (_method.ClientAuthentication == ClientAuthentication.Body)
            {
                fields["client_id"] = Client.Id;
            }
        }

        request.Content = new FormUrlEncodedContent(fields);
        try
        {
            return await SendAsync(request, cancellationToken);
        }
        catch (ProviderFault fault)
        {
            throw fault.Without(_secretFields.Select(fields.GetValueOrDefault));
        }
    }

    /// <summary>Sends a request of the connector's own to the authorization server.</summary>
    /// <exception cref="ProviderFault">It was refused.</exception>
    public async Task<ProviderAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Accept.ParseAdd("application/json");
        var answer = await send(request, cancellationToken);
        return connector.ReadTokenFault(answer) is { } fault ? throw fault.Without([Client.Secret]) : answer;
    }

    /// <summary>The client's credentials as HTTP Basic, each form-encoded first (RFC 6749, 2.3.1).</summary>
    public AuthenticationHeaderValue Basic() => new(
        "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(Client.Id)}:{Uri.EscapeDataString(Client.Secret)}")));
}
