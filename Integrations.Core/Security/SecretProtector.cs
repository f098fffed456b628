using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Integrations.Core.Security;

/// <summary>
/// Encrypts the secrets that the hub must be able to read again (AES-256-GCM by Data Protection). The purpose binds a ciphertext to its organization,
/// its row and its column, so that one moved to another row does not open.
/// </summary>
public sealed class SecretProtector(IDataProtectionProvider provider)
{
    private readonly IDataProtector _root = provider.CreateProtector("Integrations.Secrets.v1");

    /// <param name="column">Table and column: <c>WebhookEndpoint.Secret</c>.</param>
    public byte[] Protect(Guid organizationId, Guid rowId, string column, string secret) =>
        Protector(organizationId, rowId, column).Protect(Encoding.UTF8.GetBytes(secret));

    /// <exception cref="System.Security.Cryptography.CryptographicException">The ciphertext is another row's, was changed, or its key is gone.</exception>
    public string Unprotect(Guid organizationId, Guid rowId, string column, byte[] ciphertext) =>
        Encoding.UTF8.GetString(Protector(organizationId, rowId, column).Unprotect(ciphertext));

    private IDataProtector Protector(Guid organizationId, Guid rowId, string column) =>
        _root.CreateProtector(organizationId.ToString("N"), rowId.ToString("N"), column);
}
