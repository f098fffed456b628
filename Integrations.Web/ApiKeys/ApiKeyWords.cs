using Integrations.Core.ApiKeys;

namespace Integrations.Web.ApiKeys;

/// <summary>API keys in words.</summary>
internal static class ApiKeyWords
{
    public static string Status(ApiKeyRow key, DateTimeOffset now) => key switch
    {
        { RevokedAt: not null } => "Revoked",
        { ExpiresAt: { } end } when end <= now => "Expired",
        _ => "Active",
    };
}
