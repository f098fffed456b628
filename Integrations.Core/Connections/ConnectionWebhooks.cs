using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Connections;

/// <summary>The webhook endpoints of a connection whose provider receives events at URLs.</summary>
public sealed class ConnectionWebhooks(HubDbContextFactory contexts, WebhookService webhooks, DeliveryService deliveries, TimeProvider time)
{
    /// <summary>Adds a named URL; it is an endpoint of the same engine as all others.</summary>
    /// <exception cref="Refusal">Malformed, or the URL may not be called.</exception>
    internal Task<CreatedWebhook> AddAsync(Actor actor, Guid connectionId, string name, ConnectInput input, CancellationToken cancellationToken) =>
        // Who may connect may add its URLs, although the scope for webhooks is another.
        webhooks.CreateAsync(
            Actor.System(actor.Name, actor.OrganizationId!.Value) with { IpAddress = actor.IpAddress, RequestId = actor.RequestId },
            new WebhookInput { Url = input.WebhookUrl, Events = input.Events ?? ["*"], Description = name, Headers = input.Headers, ConnectionId = connectionId },
            cancellationToken);

    /// <summary>Deletes the endpoints of a connection.</summary>
    internal async Task DeleteAsync(Actor actor, Guid organization, Guid connectionId, CancellationToken cancellationToken)
    {
        var worker = Actor.System(actor.Name, organization) with { IpAddress = actor.IpAddress, RequestId = actor.RequestId };
        foreach (var id in await IdsAsync(worker, connectionId, cancellationToken))
        {
            await webhooks.DeleteAsync(worker, id, cancellationToken);
        }
    }

    /// <summary>Sends a test to each URL.</summary>
    internal async Task<ConnectionTestResult> TestAsync(Actor actor, Connection connection, CancellationToken cancellationToken)
    {
        var worker = Actor.System(actor.Name, connection.OrganizationId) with { IpAddress = actor.IpAddress, RequestId = actor.RequestId };
        var ids = await IdsAsync(worker, connection.Id, cancellationToken);
        if (ids.Count == 0)
        {
            throw Refusal.Unprocessable(null, $"{connection.Name} has no webhook URL yet. Add one first.");
        }

        var start = time.GetTimestamp();
        var tests = await Task.WhenAll(ids.Select(id => deliveries.TestAsync(worker, id, null, cancellationToken)));
        var failed = tests.Where(test => test.Row.Status != DeliveryStatus.Delivered).ToList();
        var message = failed.Count == 0
            ? ids.Count == 1 ? "The URL accepted the test." : $"All {ids.Count} URLs accepted the test."
            : $"{(ids.Count == 1 ? "The URL" : $"{failed.Count} of {ids.Count} URLs")} did not accept the test: {failed[0].Row.Error}";
        return new ConnectionTestResult(failed.Count == 0, message, time.GetElapsedTime(start).TotalMilliseconds);
    }

    private async Task<List<Guid>> IdsAsync(Actor worker, Guid connectionId, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(worker);
        return await db.WebhookEndpoints.Where(endpoint => endpoint.ConnectionId == connectionId).OrderBy(endpoint => endpoint.Id).Select(endpoint => endpoint.Id).ToListAsync(cancellationToken);
    }
}
