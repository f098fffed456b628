using Integrations.Core.ApiKeys;
using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Integrations.Web.Records;
using Integrations.Web.Sync;

namespace Integrations.Web.Layout;

/// <summary>Finds the page that shows the thing with a public id.</summary>
public sealed class IdResolver(
    WebhookQueries webhooks, EventQueries events, DeliveryQueries deliveries, ReplayQueries replays, ApiKeyQueries keys, StoredKeyQueries storedKeys, AuditQueries audit,
    ConnectionQueries connections, SyncQueries syncs, RecordQueries records)
{
    /// <returns>The address, or null when there is no such thing for the actor.</returns>
    public async Task<string?> FindAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await AddressAsync(actor, id, cancellationToken);
        }
        catch (Refusal)
        {
            return null;
        }
    }

    private async Task<string?> AddressAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (PublicId.TryParse(PublicId.WebhookEndpoint, id, out var endpoint))
        {
            await webhooks.GetAsync(actor, endpoint, cancellationToken);
            return $"/webhooks/{id}";
        }

        if (PublicId.TryParse(PublicId.Delivery, id, out var delivery))
        {
            var row = (await deliveries.GetAsync(actor, delivery, cancellationToken)).Row;
            return $"/webhooks/{PublicId.Format(PublicId.WebhookEndpoint, row.EndpointId)}?delivery={id}";
        }

        if (PublicId.TryParse(PublicId.Replay, id, out var replay))
        {
            var row = await replays.GetAsync(actor, replay, cancellationToken);
            return $"/webhooks/{PublicId.Format(PublicId.WebhookEndpoint, row.EndpointId)}?tab=replays";
        }

        if (PublicId.TryParse(PublicId.Connection, id, out var connection))
        {
            return $"/integrations/{(await connections.GetAsync(actor, connection, cancellationToken)).Connector.Info.Key}";
        }

        if (PublicId.TryParse(PublicId.SyncRun, id, out var run))
        {
            await syncs.GetAsync(actor, run, cancellationToken);
            return $"/sync/{id}";
        }

        if (PublicId.TryParse(PublicId.SyncIssue, id, out var issue))
        {
            return $"{SyncRunWords.Href((await syncs.IssueAsync(actor, issue, cancellationToken)).RunId)}?issue={id}";
        }

        if (RecordIds.TryParse(id, out var record))
        {
            return RecordWords.Href(await records.TypeOfAsync(actor, record, cancellationToken), record);
        }

        if (PublicId.TryParse(PublicId.ApiKey, id, out var key))
        {
            await keys.GetAsync(actor, key, cancellationToken);
            return "/api-keys";
        }

        if (PublicId.TryParse(PublicId.StoredKey, id, out var storedKey))
        {
            await storedKeys.GetAsync(actor, storedKey, cancellationToken);
            return "/stored-keys";
        }

        if (PublicId.TryParse(PublicId.AuditEntry, id, out var entry))
        {
            await audit.GetAsync(actor, entry, cancellationToken);
            return $"/audit?entry={id}";
        }

        // Publishers choose ids of their own, so that any other text may be one.
        await events.GetAsync(actor, id, cancellationToken);
        return $"/events?event={Uri.EscapeDataString(id)}";
    }
}
