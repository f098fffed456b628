using System.Security.Cryptography;

namespace Integrations.Core.Security;

/// <summary>Random texts that we issue as secrets.</summary>
public static class RandomToken
{
    private const string Base62Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Uniformly random base62 characters, 5.95 bits each.</summary>
    public static string Base62(int length) => RandomNumberGenerator.GetString(Base62Alphabet, length);

    /// <summary>A number in base62, padded with zeros on the left.</summary>
    public static string Base62(uint value, int length) => string.Create(length, value, static (span, rest) =>
    {
        for (var i = span.Length - 1; i >= 0; i--)
        {
            span[i] = Base62Alphabet[(int)(rest % 62)];
            rest /= 62;
        }
    });

    /// <summary>A 256-bit token in base64url, for links and states.</summary>
    public static string UrlSafe() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
