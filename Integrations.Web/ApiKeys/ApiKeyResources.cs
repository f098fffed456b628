using Integrations.Core.ApiKeys;
using Integrations.Core.Storage;
using Integrations.Web.Api;

namespace Integrations.Web.ApiKeys;

/// <summary>A key to create.</summary>
/// <param name="ExpiresAt">When the key ends; after a year when absent.</param>
internal sealed record CreateApiKeyRequest(string? Name = null, IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null);

internal sealed record ApiKeyResource(
    string Id,
    string Name,
    string Masked,
    IReadOnlyList<string> Scopes,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt,
    string CreatedBy,
    DateTimeOffset CreatedAt)
{
    public static ApiKeyResource From(ApiKeyRow row) => new(
        PublicId.Format(PublicId.ApiKey, row.Id), row.Name, row.Masked, row.Scopes, row.ExpiresAt, row.RevokedAt, row.LastUsedAt, row.CreatedBy, row.CreatedAt);
}

/// <param name="Key">The key's text, shown this once.</param>
internal sealed record CreatedApiKeyAnswer(string Key, string KeyId, ApiKeyResource ApiKey) : Answer;

internal sealed record ApiKeyAnswer(ApiKeyResource ApiKey) : Answer;

internal sealed record ApiKeysAnswer(IReadOnlyList<ApiKeyResource> ApiKeys, string? NextCursor) : Answer;
