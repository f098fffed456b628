using System.Security.Cryptography;
using System.Text;

namespace Integrations.Core.Webhooks;

/// <summary>
/// A signing secret. The hex signature is keyed with the whole text; Standard Webhooks with the decoded part after <c>whsec_</c>, or with the text's
/// UTF-8 bytes when a caller's own secret has no such prefix.
/// </summary>
public sealed class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const int MinLength = 16;
    public const int MaxLength = 128;

    private WebhookSecret(string text, byte[] standardKey)
    {
        Text = text;
        TextKey = Encoding.UTF8.GetBytes(text);
        StandardKey = standardKey;
    }

    public string Text { get; }

    internal byte[] TextKey { get; }

    internal byte[] StandardKey { get; }

    /// <summary>A new secret of 256 random bits.</summary>
    public static WebhookSecret New()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return new WebhookSecret(Prefix + Convert.ToBase64String(key), key);
    }

    /// <summary>Why a caller's own secret cannot be taken, or null when it can.</summary>
    public static string? WhyNot(string text)
    {
        if (text.Length is < MinLength or > MaxLength)
        {
            return $"secret must have {MinLength} to {MaxLength} characters.";
        }

        if (text.Any(character => character is < '!' or > '~'))
        {
            return "secret must be printable ASCII without spaces.";
        }

        return text.StartsWith(Prefix, StringComparison.Ordinal) && Decode(text) is null
            ? "After whsec_ the secret must be base64 of 12 to 64 bytes."
            : null;
    }

    /// <exception cref="FormatException"><see cref="WhyNot"/> says why.</exception>
    public static WebhookSecret Parse(string text)
    {
        if (WhyNot(text) is { } reason)
        {
            throw new FormatException(reason);
        }

        return new WebhookSecret(text, Decode(text) ?? Encoding.UTF8.GetBytes(text));
    }

    private static byte[]? Decode(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var encoded = text[Prefix.Length..];
        // Callers often leave the padding out; verifiers take it either way.
        encoded = encoded.PadRight((encoded.Length + 3) / 4 * 4, '=');
        var buffer = new byte[MaxLength];
        return Convert.TryFromBase64String(encoded, buffer, out var written) && written is >= 12 and <= 64 ? buffer[..written] : null;
    }
}
