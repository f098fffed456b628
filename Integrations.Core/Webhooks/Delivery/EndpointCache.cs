using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Webhooks.Delivery;

/// <summary>
/// Endpoint settings for the dispatcher. A signal empties it at once; beyond that an entry lives a second, which is how long a node may miss what another
/// one changed when the signal is lost.
/// </summary>
internal sealed class EndpointCache : IDisposable
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private static readonly Actor _actor = Actor.System("webhook dispatcher");

    private readonly ConcurrentDictionary<Guid, (EndpointSettings Settings, long LoadedAt)> _entries = new();
    private readonly HubDbContextFactory _contexts;
    private readonly SecretProtector _protector;
    private readonly TimeProvider _time;
    private readonly ILogger<EndpointCache> _log;
    private readonly IDisposable _subscription;

    public EndpointCache(HubDbContextFactory contexts, SecretProtector protector, HubSignals signals, TimeProvider time, ILogger<EndpointCache> log)
    {
        _contexts = contexts;
        _protector = protector;
        _time = time;
        _log = log;
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
            if (_entries.TryGetValue(id, out var entry) && _time.GetElapsedTime(entry.LoadedAt) < MaxAge)
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

    // One endpoint that cannot be opened must not keep the others from being served.
    private EndpointSettings Open(WebhookEndpoint endpoint)
    {
        try
        {
            return Open(endpoint, withSecrets: endpoint.DeletedAt is null, fault: null);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            WebhookLog.EndpointNotOpened(_log, PublicId.Format(PublicId.WebhookEndpoint, endpoint.Id), exception);
            return Open(endpoint, withSecrets: false, fault: "The endpoint's secret cannot be opened with the hub's keys. Delete the endpoint and add it again.");
        }
    }

    private EndpointSettings Open(WebhookEndpoint endpoint, bool withSecrets, string? fault) => new()
    {
        Id = endpoint.Id,
        OrganizationId = endpoint.OrganizationId,
        PublicId = PublicId.Format(PublicId.WebhookEndpoint, endpoint.Id),
        Url = new Uri(endpoint.Url),
        IsActive = endpoint.IsActive && withSecrets,
        Subscriptions = new Subscriptions(endpoint.Events),
        Secret = withSecrets ? Secret(endpoint, _protector.Unprotect(endpoint.OrganizationId, endpoint.Id, WebhookColumns.Secret, endpoint.Secret)) : null,
        PreviousSecret = withSecrets && endpoint.PreviousSecret is { } previous
            ? Previous(_protector.Unprotect(endpoint.OrganizationId, endpoint.Id, WebhookColumns.PreviousSecret, previous))
            : null,
        PreviousSecretExpiresAt = endpoint.PreviousSecretExpiresAt,
        Headers = withSecrets ? [.. SealedHeaders.Open(_protector, endpoint)] : [],
        SignatureHeader = endpoint.SignatureHeader,
        Timeout = TimeSpan.FromSeconds(endpoint.TimeoutSeconds),
        RetryDelays = endpoint.RetryDelays,
        MaxInFlight = endpoint.MaxInFlight,
        RateLimitPerSecond = endpoint.RateLimitPerSecond,
        Order = new EndpointOrder(endpoint.Id, endpoint.Ordering, endpoint.OrderingSkipAfter),
        Circuit = endpoint is { CircuitFailures: { } failures, CircuitSeconds: { } seconds } ? new CircuitSettings(failures, TimeSpan.FromSeconds(seconds)) : null,
        CircuitOpenUntil = endpoint.CircuitOpenUntil,
        ServedBy = endpoint.ServedBy,
        ServedUntil = endpoint.ServedUntil,
        WantedUntil = endpoint.WantedUntil,
        Fault = fault,
    };

    private static WebhookSecret Previous(string text) => WebhookSecret.WhyNot(text) is null ? WebhookSecret.Parse(text) : WebhookSecret.Shared(text);

    private static WebhookSecret Secret(WebhookEndpoint endpoint, string text) => endpoint.PublicKey is null ? WebhookSecret.Shared(text) : WebhookSecret.Parse(text);
}
