using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Security;

namespace Integrations.Core.Connections;

/// <summary>Seals and opens the secrets of connections: each for its organization, row and column.</summary>
public sealed class CredentialVault(SecretProtector protector)
{
    private const string CredentialColumn = "Connection.Credential";
    private const string VerifierColumn = "Consent.Verifier";
    private const string GrantColumn = "Consent.Grant";
    private const string ClientColumn = "OrganizationClient.Secret";

    internal byte[] SealCredential(Guid organization, Guid connection, ProviderCredential credential) =>
        protector.Protect(organization, connection, CredentialColumn, JsonSerializer.Serialize(credential.Values));

    /// <exception cref="System.Security.Cryptography.CryptographicException">It is another row's, was changed, or its key is gone.</exception>
    internal ProviderCredential OpenCredential(Connection connection) => new(connection.Credential is { } credential
        ? JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(connection.OrganizationId, connection.Id, CredentialColumn, credential))!
        : new Dictionary<string, string>(StringComparer.Ordinal));

    internal byte[] SealVerifier(Consent consent, string verifier) => protector.Protect(consent.OrganizationId, consent.Id, VerifierColumn, verifier);

    internal string? OpenVerifier(Consent consent) =>
        consent.Verifier is { } verifier ? protector.Unprotect(consent.OrganizationId, consent.Id, VerifierColumn, verifier) : null;

    internal byte[] SealGrant(Consent consent, HeldGrant grant) => protector.Protect(consent.OrganizationId, consent.Id, GrantColumn, JsonSerializer.Serialize(grant));

    internal HeldGrant OpenGrant(Consent consent) =>
        JsonSerializer.Deserialize<HeldGrant>(protector.Unprotect(consent.OrganizationId, consent.Id, GrantColumn, consent.Grant!))!;

    internal byte[] SealClientSecret(OrganizationClient client, string secret) => protector.Protect(client.OrganizationId, client.Id, ClientColumn, secret);

    internal string OpenClientSecret(OrganizationClient client) => protector.Unprotect(client.OrganizationId, client.Id, ClientColumn, client.Secret);
}

/// <summary>A grant that is held until somebody decides whether its account replaces the one that is connected.</summary>
internal sealed record HeldGrant(
    Dictionary<string, string> Credential, DateTimeOffset? ExpiresAt, List<string> Permissions, List<string> Scopes, Dictionary<string, string> Facts, string AccountId, string AccountName);
