using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Integrations.Core.Security;

namespace Integrations.Core.ApiKeys;

/// <summary>The text of an API key: <c>sk_</c>, 43 base62 characters (256 bits) and 6 of a CRC-32, by which scanners tell a key from chance.</summary>
public static partial class ApiKeyText
{
    public const string Prefix = "sk_";

    private const int RandomLength = 43;
    private const int ChecksumLength = 6;

    public static string New()
    {
        var body = Prefix + RandomToken.Base62(RandomLength);
        return body + RandomToken.Base62(Crc32(Encoding.ASCII.GetBytes(body)), ChecksumLength);
    }

    /// <summary>Whether a text can be a key at all. A key given by <c>Setup:ApiKey</c> need not carry our checksum.</summary>
    public static bool IsWellFormed(string text) => Form().IsMatch(text);

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    // CRC-32 (IEEE 802.3), bit by bit: keys are made rarely, and the table would be longer than this.
    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    [GeneratedRegex("^sk_[A-Za-z0-9]{32,200}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
