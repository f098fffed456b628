using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Integrations.Sandbox.Webhooks;

/// <summary>
/// What a partner would write from the documentation. It shares no code with the hub on purpose: a mistake there must not be repeated here.
/// </summary>
public static class WebhookSignatures
{
    public const string HexHeader = "X-Webhook-Signature";

    private const string Prefix = "whsec_";

    private static readonly TimeSpan _tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Hex HMAC-SHA256 of the body; the key is the whole text of the secret, prefix included.</summary>
    public static bool IsHexValid(string? signature, ReadOnlySpan<byte> body, string secret)
    {
        if (signature is null)
        {
            return false;
        }

        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        return SameText(signature, expected);
    }

    /// <summary>Standard Webhooks, symmetric v1. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md</summary>
    public static bool IsStandardValid(string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, string secret, DateTimeOffset receivedAt)
    {
        if (string.IsNullOrEmpty(id) || signatures is null
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(receivedAt.ToUnixTimeSeconds() - seconds) > _tolerance.TotalSeconds
            || Key(secret) is not { } key)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
        return signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(signature => SameText(signature, expected));
    }

    /// <summary>The part after the prefix is base64; a secret without the prefix is its own bytes.</summary>
    private static byte[]? Key(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(secret);
        }

        try
        {
            return Convert.FromBase64String(secret[Prefix.Length..]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool SameText(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
