using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Webhooks;

/// <summary>How an endpoint fared lately: its last <see cref="WebhookQueries.HealthWindow"/> deliveries.</summary>
/// <param name="FailedInARow">Deliveries that used up their tries since the last success; tests and replays do not count.</param>
/// <param name="Kept">Deliveries that were kept while the endpoint was off, counted up to <see cref="WebhookQueries.MaxKept"/>: they can be replayed.</param>
public sealed record WebhookHealth(int Delivered, int Failed, int Waiting, DateTimeOffset? LastDeliveryAt, int FailedInARow = 0, int Kept = 0);

/// <summary>An endpoint as pages and the API show it. Of its own headers only the names: their values may be credentials.</summary>
public sealed record WebhookDetail(
    Guid Id,
    string Url,
    string Description,
    IReadOnlyList<string> Events,
    bool IsActive,
    string? DisabledReason,
    DateTimeOffset? DisabledAt,
    string SignatureHeader,
    int TimeoutSeconds,
    IReadOnlyList<int> RetryDelays,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    WebhookHealth Health,
    IReadOnlyList<string> HeaderNames)
{
    /// <summary>The expression that an event has to meet to be delivered, or null.</summary>
    public string? Filter { get; init; }

    /// <summary>Of a key pair: with what receivers verify; null when it signs by a shared secret.</summary>
    public string? PublicKey { get; init; }

    public SignatureType SignatureType => PublicKey is null ? SignatureType.Hmac256 : SignatureType.Ed25519;

    /// <summary>The connection that the endpoint belongs to, or null.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Until when the old secret signs too, after a rotation; null when only one does.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    public int? RateLimitPerSecond { get; init; }

    public int? MaxInFlight { get; init; }

    public OrderingMode Ordering { get; init; }

    public int? OrderingSkipAfter { get; init; }

    /// <summary>Failed tries in a row that open the circuit; null for no breaker.</summary>
    public int? CircuitFailures { get; init; }

    public int? CircuitSeconds { get; init; }

    /// <summary>Until when the open circuit rests; null when it is closed.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; init; }
}

public sealed class WebhookQueries(HubDbContextFactory contexts, SecretProtector protector, DatabaseClock clock, TimeProvider time)
{
    /// <summary>Deliveries that an endpoint's health is made of.</summary>
    public const int HealthWindow = 100;

    /// <summary>Kept deliveries that are counted at most.</summary>
    public const int MaxKept = 10_000;

    /// <param name="connectionId">Only the endpoints of a connection; null for all.</param>
    public async Task<Page<WebhookDetail>> ListAsync(Actor actor, PageRequest page, CancellationToken cancellationToken, Guid? connectionId = null)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var listed = db.WebhookEndpoints.AsNoTracking();
        listed = connectionId is null ? listed : listed.Where(endpoint => endpoint.ConnectionId == connectionId);
        var endpoints = await listed.ToPageAsync(page, endpoint => endpoint, endpoint => endpoint.Id, cancellationToken);
        List<WebhookDetail> rows = new(endpoints.Rows.Count);
        foreach (var endpoint in endpoints.Rows)
        {
            rows.Add(await DescribeAsync(db, endpoint, cancellationToken));
        }

        return new Page<WebhookDetail>(rows, endpoints.NextCursor);
    }

    /// <exception cref="Refusal">Not there, or another organization's.</exception>
    public async Task<WebhookDetail> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.WebhooksRead);
        await using var db = contexts.Create(actor);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw Refusal.NotFound("The webhook endpoint");
        return await DescribeAsync(db, endpoint, cancellationToken);
    }

    private async Task<WebhookDetail> DescribeAsync(IntegrationsDbContext db, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var recent = await db.WebhookDeliveries.Where(delivery => delivery.EndpointId == endpoint.Id).OrderByDescending(delivery => delivery.Id).Take(HealthWindow)
            .Select(delivery => new { delivery.Status, delivery.CreatedAt }).ToListAsync(cancellationToken);
        var health = new WebhookHealth(
            recent.Count(delivery => delivery.Status == DeliveryStatus.Delivered),
            recent.Count(delivery => delivery.Status == DeliveryStatus.Failed),
            recent.Count(delivery => delivery.Status is DeliveryStatus.Pending or DeliveryStatus.Retrying),
            recent.Count == 0 ? null : recent[0].CreatedAt,
            endpoint.ConsecutiveFailures,
            await CountKeptAsync(db, endpoint.Id, cancellationToken));
        return new WebhookDetail(
            endpoint.Id, endpoint.Url, endpoint.Description, endpoint.Events, endpoint.IsActive, endpoint.DisabledReason, endpoint.DisabledAt, endpoint.SignatureHeader,
            endpoint.TimeoutSeconds, endpoint.RetryDelays, endpoint.CreatedAt, endpoint.UpdatedAt, health, [.. SealedHeaders.OpenOrNone(protector, endpoint).Keys])
        {
            Filter = endpoint.Filter,
            PublicKey = endpoint.PublicKey,
            ConnectionId = endpoint.ConnectionId,
            PreviousSecretExpiresAt = endpoint.PreviousSecretExpiresAt > time.GetUtcNow() ? endpoint.PreviousSecretExpiresAt : null,
            RateLimitPerSecond = endpoint.RateLimitPerSecond,
            MaxInFlight = endpoint.MaxInFlight,
            Ordering = endpoint.Ordering,
            OrderingSkipAfter = endpoint.OrderingSkipAfter,
            CircuitFailures = endpoint.CircuitFailures,
            CircuitSeconds = endpoint.CircuitSeconds,
            CircuitOpenUntil = endpoint.CircuitOpenUntil is { } open && open > clock.UtcNow ? clock.ToWall(open) : null,
        };
    }

    private static Task<int> CountKeptAsync(IntegrationsDbContext db, Guid endpointId, CancellationToken cancellationToken) => db.WebhookDeliveries
        .Where(delivery => delivery.EndpointId == endpointId).WhereKept()
        .OrderBy(delivery => delivery.Id).Take(MaxKept).CountAsync(cancellationToken);
}
