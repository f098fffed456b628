using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Receiver;

// .NET 10, with the package BouncyCastle.Cryptography. For an endpoint that signs by a key pair.
//   body       the raw bytes of the request, before any JSON parsing
//   headers    the request's headers
//   publicKey  the endpoint's public key, whole
public static class KeyPairSignature
{
    private const int ToleranceSeconds = 300;

    // Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.
    public static bool IsGenuine(byte[] body, IHeaderDictionary headers, string publicKey)
    {
        var id = headers["webhook-id"].ToString();
        var timestamp = headers["webhook-timestamp"].ToString();
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > ToleranceSeconds)
        {
            return false;
        }

        var key = Convert.FromBase64String(publicKey["whpk_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        // While the key is being changed there are two signatures, with a space between.
        return headers["webhook-signature"].ToString().Split(' ').Any(given => Fits(given, key, signed));
    }

    private static bool Fits(string given, byte[] key, byte[] signed)
    {
        var signature = new byte[Ed25519.SignatureSize];
        return given.StartsWith("v1a,", StringComparison.Ordinal)
            && Convert.TryFromBase64String(given["v1a,".Length..], signature, out var length)
            && length == signature.Length
            && Ed25519.Verify(signature, 0, key, 0, signed, 0, signed.Length);
    }
}
