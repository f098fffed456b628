using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Integrations.Core.Security;

/// <summary>The 32-byte key that encrypts the key ring. It comes from the environment and is never stored.</summary>
public sealed class MasterKey
{
    /// <summary>The setting's name; the others are read too, because the documents of earlier products use them.</summary>
    public const string SettingName = "INTEGRATIONS_MASTER_KEY";

    private static readonly string[] _names = [SettingName, "INTEGRATION_ENCRYPTION_KEY", "ENCRYPTION_KEY"];
    private readonly byte[] _key;

    private MasterKey(string setting, byte[] key)
    {
        Setting = setting;
        _key = key;
    }

    /// <summary>Under which name the key was given, for messages.</summary>
    public string Setting { get; }

    /// <summary>The key from configuration, or null when none is set.</summary>
    /// <exception cref="FormatException">A key is set but is not 32 bytes in base64 or hex.</exception>
    public static MasterKey? Read(IConfiguration configuration)
    {
        foreach (var name in _names)
        {
            if (configuration[name] is { Length: > 0 } text)
            {
                return new MasterKey(name, Parse(text.Trim()) ?? throw new FormatException(
                    $"{name} must be 32 bytes in base64 (44 characters) or hex (64 characters). `openssl rand -base64 32` makes one."));
            }
        }

        return null;
    }

    /// <summary>Encrypts with AES-256-GCM; the nonce and the tag travel with the ciphertext.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, string purpose)
    {
        var result = new byte[NonceSize + TagSize + plaintext.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, plaintext, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(purpose));
        return result;
    }

    /// <exception cref="CryptographicException">Encrypted with another key or for another purpose, or changed since.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext, string purpose)
    {
        if (ciphertext.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("The ciphertext is too short.");
        }

        var plaintext = new byte[ciphertext.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(ciphertext[..NonceSize], ciphertext[(NonceSize + TagSize)..], ciphertext.Slice(NonceSize, TagSize), plaintext, Encoding.UTF8.GetBytes(purpose));
        return plaintext;
    }

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private static byte[]? Parse(string text)
    {
        if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        var buffer = new byte[64];
        return Convert.TryFromBase64String(text, buffer, out var written) && written == 32 ? buffer[..32] : null;
    }
}
