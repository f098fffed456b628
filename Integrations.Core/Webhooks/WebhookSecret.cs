using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Integrations.Core.Webhooks;

/// <summary>How deliveries are signed.</summary>
public enum SignatureType
{
    /// <summary>By a secret that hub and receiver share: HMAC-SHA256, in the hex header and as <c>v1</c> of Standard Webhooks.</summary>
    Hmac256 = 0,

    /// <summary>By a private key that only the hub has: <c>v1a</c> of Standard Webhooks. Whoever knows the public key can verify, and nobody else can sign.</summary>
    Ed25519 = 1,
}

/// <summary>
/// What deliveries are signed with. Of a shared secret the hex signature is keyed with the whole text; Standard Webhooks with the decoded part after <c>whsec_</c>, or with
/// the text's UTF-8 bytes when a caller's own secret has no such prefix. A key pair is <c>whsk_</c> and base64 of the Ed25519 seed and the public key (RFC 8032).
/// </summary>
public sealed class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const string PrivateKeyPrefix = "whsk_";
    public const string PublicKeyPrefix = "whpk_";
    public const int MinLength = 16;
    public const int MaxLength = 128;
    private const int MinKeyBytes = 12;
    private const int MaxKeyBytes = 64;
    private static readonly int _keyPairBytes = Ed25519.SecretKeySize + Ed25519.PublicKeySize;

    private WebhookSecret(string text, byte[] standardKey, SignatureType type)
    {
        Text = text;
        TextKey = Encoding.UTF8.GetBytes(text);
        StandardKey = standardKey;
        Type = type;
        PublicKey = type == SignatureType.Ed25519 ? PublicKeyPrefix + Convert.ToBase64String(standardKey.AsSpan(Ed25519.SecretKeySize)) : null;
    }

    public string Text { get; }

    public SignatureType Type { get; }

    /// <summary>Of a key pair: <c>whpk_</c> and base64 of the public key, with which receivers verify. It is no secret.</summary>
    public string? PublicKey { get; }

    internal byte[] TextKey { get; }

    /// <summary>The key of Standard Webhooks; of a key pair the seed, and behind it the public key.</summary>
    internal byte[] StandardKey { get; }

    /// <summary>A new secret, or a new key pair, of 256 random bits.</summary>
    public static WebhookSecret New(SignatureType type = SignatureType.Hmac256)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return type == SignatureType.Ed25519 ? NewPair(key) : new WebhookSecret(Prefix + Convert.ToBase64String(key), key, type);
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

        if (IsKeyPair(text))
        {
            return Decode(text, PrivateKeyPrefix) is { } pair && IsPair(pair) ? null : "After whsk_ the secret must be base64 of an Ed25519 seed and its public key, 64 bytes.";
        }

        return text.StartsWith(Prefix, StringComparison.Ordinal) && Decode(text, Prefix) is not { Length: >= MinKeyBytes }
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

        return IsKeyPair(text) ? new WebhookSecret(text, Decode(text, PrivateKeyPrefix)!, SignatureType.Ed25519) : Shared(text);
    }

    /// <summary>A shared secret as an endpoint has it, which may be of a time when no text was a key pair.</summary>
    internal static WebhookSecret Shared(string text) => new(text, Decode(text, Prefix) ?? Encoding.UTF8.GetBytes(text), SignatureType.Hmac256);

    private static WebhookSecret NewPair(byte[] seed)
    {
        var pair = new byte[_keyPairBytes];
        seed.CopyTo(pair, 0);
        Ed25519.GeneratePublicKey(seed, 0, pair, Ed25519.SecretKeySize);
        return new WebhookSecret(PrivateKeyPrefix + Convert.ToBase64String(pair), pair, SignatureType.Ed25519);
    }

    private static bool IsKeyPair(string text) => text.StartsWith(PrivateKeyPrefix, StringComparison.Ordinal);

    private static bool IsPair(byte[] pair)
    {
        if (pair.Length != _keyPairBytes)
        {
            return false;
        }

        var publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(pair, 0, publicKey, 0);
        return pair.AsSpan(Ed25519.SecretKeySize).SequenceEqual(publicKey);
    }

    private static byte[]? Decode(string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var encoded = text[prefix.Length..];
        // Callers often leave the padding out; verifiers take it either way.
        encoded = encoded.PadRight((encoded.Length + 3) / 4 * 4, '=');
        var buffer = new byte[MaxLength];
        return Convert.TryFromBase64String(encoded, buffer, out var written) && written <= MaxKeyBytes ? buffer[..written] : null;
    }
}
