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

    /// <summary>Those who change one endpoint go one after the other, so that none writes back what another has replaced.</summary>
    public static Task<Turns.Turn> TurnAsync(Turns turns, IntegrationsDbContext db, Guid id, CancellationToken cancellationToken) => turns.TakeAsync(db, $"webhook/{id}", cancellationToken);

    /// <summary>Saves and ends the turn; another stamp tells every cache of the organization's endpoints to read again.</summary>
    public static async Task SaveAsync(IntegrationsDbContext db, Turns.Turn turn, IGroupWriter writer, Guid organizationId, CancellationToken cancellationToken)
    {
        // The endpoint's row before the organization's, as everywhere: two that lock them the other way round would wait for each other.
        await db.SaveChangesAsync(cancellationToken);
        (await db.Organizations.FirstAsync(row => row.Id == organizationId, cancellationToken)).WebhooksStamp = Random.Shared.NextInt64();
        await db.SaveChangesAsync(cancellationToken);
        await turn.EndAsync();
        // Saved is saved, also when the caller has left.
        await writer.SignalAsync(new HubSignal(HubSignalKind.EndpointsChanged, organizationId), CancellationToken.None);
    }
}
