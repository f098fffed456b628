using System.Collections.Concurrent;
using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Endpoint settings for the dispatcher. A signal empties it at once; beyond that an entry lives a second, which is how long a node may miss what another
/// one changed when the signal is lost.
/// </summary>
internal sealed class EndpointCache : IDisposable
{
    private static readonly TimeSpan _maxAge = TimeSpan.FromSeconds(1);
    private static readonly Actor _actor = Actor.System("webhook dispatcher");

    private readonly ConcurrentDictionary<Guid, (EndpointSettings Settings, long LoadedAt)> _entries = new();
    private readonly HubDbContextFactory _contexts;
    private readonly SecretProtector _protector;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public EndpointCache(HubDbContextFactory contexts, SecretProtector protector, HubSignals signals, TimeProvider time)
    {
        _contexts = contexts;
        _protector = protector;
        _time = time;
        _subscription = signals.Subscribe(signal =>
        {
            if (signal.Kind == HubSignalKind.EndpointsChanged)
            {
                _entries.Clear();
            }
        });
    }

    /// <returns>The settings of those that are there; deleted endpoints are there, inactive.</returns>
    public async Task<IReadOnlyDictionary<Guid, EndpointSettings>> GetAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        Dictionary<Guid, EndpointSettings> found = new(ids.Count);
        List<Guid> missing = [];
        foreach (var id in ids)
        {
            if (_entries.TryGetValue(id, out var entry) && _time.GetElapsedTime(entry.LoadedAt) < _maxAge)
            {
                found[id] = entry.Settings;
            }
            else
            {
                missing.Add(id);
            }
        }

        if (missing.Count > 0)
        {
            var now = _time.GetTimestamp();
            await using var db = _contexts.Create(_actor);
            var endpoints = await db.WebhookEndpoints.IgnoreQueryFilters([WebhookEndpointConfiguration.NotDeletedFilter]).AsNoTracking()
                .Where(endpoint => missing.Contains(endpoint.Id)).ToListAsync(cancellationToken);
            foreach (var endpoint in endpoints)
            {
                var settings = Open(endpoint);
                found[endpoint.Id] = settings;
                _entries[endpoint.Id] = (settings, now);
            }
        }

        return found;
    }

    public void Dispose() => _subscription.Dispose();

    private EndpointSettings Open(WebhookEndpoint endpoint)
    {
        // A deleted endpoint's secrets are gone.
        var exists = endpoint.DeletedAt is null;
        return new EndpointSettings(
            endpoint.Id,
            endpoint.OrganizationId,
            PublicId.Format(PublicId.WebhookEndpoint, endpoint.Id),
            new Uri(endpoint.Url),
            endpoint.IsActive && exists,
            new Subscriptions(endpoint.Events),
            exists ? WebhookSecret.Parse(_protector.Unprotect(endpoint.OrganizationId, endpoint.Id, WebhookColumns.Secret, endpoint.Secret)) : null,
            exists && endpoint.PreviousSecret is { } previous
                ? WebhookSecret.Parse(_protector.Unprotect(endpoint.OrganizationId, endpoint.Id, WebhookColumns.PreviousSecret, previous))
                : null,
            endpoint.PreviousSecretExpiresAt,
            exists && endpoint.Headers is { } headers
                ? [.. JsonSerializer.Deserialize<Dictionary<string, string>>(_protector.Unprotect(endpoint.OrganizationId, endpoint.Id, WebhookColumns.Headers, headers))!]
                : [],
            endpoint.SignatureHeader,
            TimeSpan.FromSeconds(endpoint.TimeoutSeconds),
            endpoint.RetryDelays,
            endpoint.MaxInFlight);
    }
}

