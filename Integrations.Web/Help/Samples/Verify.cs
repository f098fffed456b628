using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Receiver;

// .NET 10, no packages.
//   body     the raw bytes of the request, before any JSON parsing
//   headers  the request's headers
//   secret   the endpoint's signing secret, whole
public static class WebhookSignature
{
    private const string HexHeader = "X-Webhook-Signature";
    private const int ToleranceSeconds = 300;

    // Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.
    public static bool IsGenuine(byte[] body, IHeaderDictionary headers, string secret)
    {
        var id = headers["webhook-id"].ToString();
        var timestamp = headers["webhook-timestamp"].ToString();
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > ToleranceSeconds)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key(secret), signed));
        // While a secret is being changed there are two signatures, with a space between.
        return headers["webhook-signature"].ToString().Split(' ').Any(given => Same(given, expected));
    }

    // The hex header signs the body alone. While a secret is being changed a second header carries the new one's signature.
    public static bool IsGenuineHex(byte[] body, IHeaderDictionary headers, string secret)
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        return Same(headers[HexHeader].ToString(), expected) || Same(headers["X-Webhook-Signature-Next"].ToString(), expected);
    }

    private static byte[] Key(string secret)
    {
        if (!secret.StartsWith("whsec_", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(secret);
        }

        var encoded = secret["whsec_".Length..].TrimEnd('=');
        return Convert.FromBase64String(encoded.PadRight((encoded.Length + 3) / 4 * 4, '='));
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
