using System.Text;

namespace Integrations.Sandbox.Providers.OAuth;

/// <param name="IsViolation">False for a wrong id or secret, which an operator may have typed.</param>
internal sealed record ClientRefusal(TokenFault Fault, string Rule, bool IsViolation);

/// <summary>Whether the client proves itself, and in the way that the provider reads.</summary>
internal sealed class ClientCheck(OAuthProvider provider)
{
    /// <summary>Null when it does.</summary>
    public ClientRefusal? Check(HttpRequest request, IReadOnlyDictionary<string, string> form)
    {
        var basic = request.Authorization("Basic") is { } header ? Decode(header) : null;
        var body = provider.ReadBodyClient(form);
        if (basic is not null && body.Secret is not null)
        {
            return new(TokenFault.InvalidRequest, "the client's secret was sent twice, in the header and in the body", IsViolation: true);
        }

        if (request.Headers.Authorization.Count > 0 && basic is null)
        {
            return new(TokenFault.WrongClientAuth, "the Authorization header is not well-formed Basic", IsViolation: true);
        }

        return provider.Rules.ClientAuth switch
        {
            ClientAuth.Basic when basic is null => Wrong("client id and secret must come as HTTP Basic"),
            ClientAuth.Body when basic is not null => Wrong("client id and secret must come in the body"),
            _ => Compare(basic ?? body, form),
        };
    }

    private ClientRefusal? Compare((string? Id, string? Secret) client, IReadOnlyDictionary<string, string> form)
    {
        if (client.Secret is null && provider.SecretIsOptional(form))
        {
            return client.Id == provider.ClientId ? null : new(TokenFault.InvalidClient, "The client is unknown.", IsViolation: false);
        }

        if (client.Id is null or "" || client.Secret is null or "")
        {
            return Wrong("client id and secret are missing");
        }

        return client == (provider.ClientId, provider.ClientSecret) ? null : new(TokenFault.InvalidClient, "The client's id or secret is wrong.", IsViolation: false);
    }

    private static ClientRefusal Wrong(string rule) => new(TokenFault.WrongClientAuth, rule, IsViolation: true);

    // RFC 6749 2.3.1: both halves are form-encoded before they are joined.
    private static (string? Id, string? Secret)? Decode(string header)
    {
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header, buffer, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return parts.Length == 2 ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])) : null;
    }
}
