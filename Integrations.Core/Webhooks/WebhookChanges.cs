using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>What every change of an endpoint has in common.</summary>
internal static class WebhookChanges
{
    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public static async Task<WebhookEndpoint> FindAsync(IntegrationsDbContext db, Guid id, CancellationToken cancellationToken) =>
        await db.WebhookEndpoints.FirstOrDefaultAsync(endpoint => endpoint.Id == id, cancellationToken) ?? throw Refusal.NotFound("The webhook endpoint");

    /// <summary>Saves; another stamp tells every cache of the organization's endpoints to read again.</summary>
    public static async Task SaveAsync(IntegrationsDbContext db, IGroupWriter writer, Guid organizationId, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.FirstAsync(row => row.Id == organizationId, cancellationToken);
        organization.WebhooksStamp = Random.Shared.NextInt64();
        await db.SaveChangesAsync(cancellationToken);
        await writer.SignalAsync(new HubSignal(HubSignalKind.EndpointsChanged, organizationId), cancellationToken);
    }
}
