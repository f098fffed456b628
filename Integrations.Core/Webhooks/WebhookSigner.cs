using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Integrations.Core.Webhooks;

/// <summary>
/// Signs deliveries: hex HMAC-SHA256 of the body, as the hub's own header has it, and Standard Webhooks 1.0.0 (https://www.standardwebhooks.com), <c>v1</c> by a shared
/// secret and <c>v1a</c> by a key pair.
/// </summary>
public static class WebhookSigner
{
    /// <summary>Lower-case hex HMAC-SHA256 of the body; null for a key pair, which has no secret that the receiver could key it with.</summary>
    public static string? Hex(WebhookSecret secret, ReadOnlySpan<byte> body)
    {
        if (secret.Type == SignatureType.Ed25519)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.TextKey, body, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>One entry of <c>webhook-signature</c>: the version, a comma and the base64 signature over <c>id.timestamp.body</c>.</summary>
    /// <param name="timestamp">Of this try, in whole seconds since 1970.</param>
    public static string Standard(WebhookSecret secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var start = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        return secret.Type == SignatureType.Ed25519 ? "v1a," + Asymmetric(secret.StandardKey, [.. start, .. body]) : "v1," + Symmetric(secret.StandardKey, start, body);
    }

    private static string Symmetric(byte[] key, byte[] start, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(start);
        hmac.AppendData(body);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.GetHashAndReset(hash);
        return Convert.ToBase64String(hash);
    }

    private static string Asymmetric(byte[] pair, byte[] message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(pair, 0, pair, Ed25519.SecretKeySize, message, 0, message.Length, signature, 0);
        return Convert.ToBase64String(signature);
    }
}
