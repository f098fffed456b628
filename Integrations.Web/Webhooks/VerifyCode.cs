namespace Integrations.Web.Webhooks;

/// <summary>Short programs that verify the hex signature of a delivery. The secret's whole text is the key, and the body counts byte for byte.</summary>
public static class VerifyCode
{
    public static string Node(string header) =>
        $$"""
        import { createHmac, timingSafeEqual } from 'node:crypto';

        // body: the raw bytes of the request, before any JSON parsing
        export function isGenuine(body, headers, secret) {
          const expected = createHmac('sha256', secret).update(body).digest('hex');
          const given = headers['{{header.ToLowerInvariant()}}'] ?? '';
          return given.length === expected.length
            && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
        }
        """;

    public static string CSharp(string header) =>
        $$"""
        // body: the raw bytes of the request, before any JSON parsing
        static bool IsGenuine(byte[] body, IHeaderDictionary headers, string secret)
        {
            var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
            var given = headers["{{header}}"].ToString();
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
        }
        """;
}
