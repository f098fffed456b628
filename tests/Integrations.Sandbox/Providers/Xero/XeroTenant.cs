using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers.Xero;

/// <summary>An organisation that the app may reach.</summary>
internal sealed record XeroTenant(string ConnectionId, string TenantId, string AuthEventId, string Name)
{
    /// <summary>Two: the one that was just consented to, and one from an earlier consent of the same person, which a client must not take for it.</summary>
    public static IReadOnlyList<XeroTenant> Of(Grant grant)
    {
        var account = grant.Account;
        return
        [
            new(account.Guid("earlier connection"), account.Guid("earlier tenant"), account.Guid("earlier event"), account.Company + " (archive)"),
            new(account.Guid("connection"), account.Guid("tenant"), EventOf(grant), account.Company),
        ];
    }

    public static string EventOf(Grant grant) => Mint.Guid("xero", "event", grant.Number);

    public object Connection() => new
    {
        id = ConnectionId,
        authEventId = AuthEventId,
        tenantId = TenantId,
        tenantType = "ORGANISATION",
        tenantName = Name,
        createdDateUtc = "2026-01-05T09:00:00.0000000",
        updatedDateUtc = "2026-01-05T09:00:00.0000000",
    };
}
