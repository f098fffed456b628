using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Integrations.Core.Webhooks;

/// <summary>
/// Signs deliveries in two ways: hex HMAC-SHA256 of the body, as the hub's own header has it, and Standard Webhooks 1.0.0
/// (https://www.standardwebhooks.com), <c>v1</c>.
/// </summary>
public static class WebhookSigner
{
    /// <summary>Lower-case hex HMAC-SHA256 of the body.</summary>
    public static string Hex(WebhookSecret secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.TextKey, body, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>One entry of <c>webhook-signature</c>: <c>v1,</c> and base64 HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
    /// <param name="timestamp">Of this try, in whole seconds since 1970.</param>
    public static string Standard(WebhookSecret secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.StandardKey);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.GetHashAndReset(hash);
        return "v1," + Convert.ToBase64String(hash);
    }
}
