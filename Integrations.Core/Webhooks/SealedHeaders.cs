using System.Security.Cryptography;
using System.Text.Json;
using Integrations.Core.Security;

namespace Integrations.Core.Webhooks;

/// <summary>An endpoint's own headers as its row holds them: encrypted for it, because they may carry credentials.</summary>
internal static class SealedHeaders
{
    public static byte[]? Seal(SecretProtector protector, Guid organization, Guid endpoint, IReadOnlyDictionary<string, string>? headers) =>
        headers is { Count: > 0 } ? protector.Protect(organization, endpoint, WebhookColumns.Headers, JsonSerializer.Serialize(headers)) : null;

    /// <exception cref="CryptographicException">The hub's keys do not open them.</exception>
    public static Dictionary<string, string> Open(SecretProtector protector, WebhookEndpoint endpoint) => endpoint.Headers is { } headers
        ? JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(endpoint.OrganizationId, endpoint.Id, WebhookColumns.Headers, headers))!
        : [];

    /// <summary>The same where they are only described: those that cannot be opened must not keep the rest from being shown or changed.</summary>
    public static Dictionary<string, string> OpenOrNone(SecretProtector protector, WebhookEndpoint endpoint)
    {
        try
        {
            return Open(protector, endpoint);
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
