using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Integrations.Sandbox.Providers;

/// <summary>Makes ids and tokens that look random and are the same in every run: a hash of what they are for.</summary>
internal static class Mint
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Hex(int length, params ReadOnlySpan<object> seed) => Text("0123456789abcdef", length, seed);

    /// <summary>Does not begin with 0.</summary>
    public static string Digits(int length, params ReadOnlySpan<object> seed) => Text("123456789", 1, seed) + Text("0123456789", length, seed)[1..];

    public static string Letters(int length, params ReadOnlySpan<object> seed) => Text(Base62, length, seed);

    public static string Guid(params ReadOnlySpan<object> seed)
    {
        var hex = Hex(32, seed);
        return $"{hex[..8]}-{hex[8..12]}-4{hex[13..16]}-a{hex[17..20]}-{hex[20..32]}";
    }

    private static string Text(string alphabet, int length, ReadOnlySpan<object> seed)
    {
        var name = string.Join('|', seed.ToArray().Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)));
        var text = new StringBuilder(length);
        for (var block = 0; text.Length < length; block++)
        {
            foreach (var value in SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}|{block}"))))
            {
                text.Append(alphabet[value % alphabet.Length]);
            }
        }

        return text.ToString(0, length);
    }
}
