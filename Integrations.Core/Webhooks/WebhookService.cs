using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Webhooks;

/// <summary>A new endpoint and its secret, which is shown this once.</summary>
/// <param name="Secret">Null for a key pair: what the receiver needs of it is public.</param>
public sealed record CreatedWebhook(Guid Id, string? Secret);

/// <summary>Creates, changes and deletes webhook endpoints.</summary>
public sealed class WebhookService(
    HubDbContextFactory contexts, SecretProtector protector, AddressGuard guard, AuditLog audit, IGroupWriter writer, Turns turns, DatabaseClock clock, IOptions<WebhookOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <exception cref="Refusal">Malformed; the URL may not be called; the organization has as many endpoints as it may, or added too many within a minute.</exception>
    public async Task<CreatedWebhook> CreateAsync(Actor actor, WebhookInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        await CheckAsync(db, input, isNew: true, cancellationToken);
        await using var turn = await turns.TakeAsync(db, $"webhooks/{organization}", cancellationToken);
        await DemandRoomAsync(db, cancellationToken);
        var now = time.GetUtcNow();
        var id = TimeOrderedId.New(now);
        var secret = WebhookInputCheck.Secret(input.Secret, input.SignatureType);
        var endpoint = new WebhookEndpoint
        {
            Id = id,
            OrganizationId = organization,
            Url = input.Url!.Trim(),
            Description = input.Description?.Trim() ?? "",
            ConnectionId = input.ConnectionId,
            Events = [.. input.Events!],
            IsActive = input.IsActive ?? true,
            Secret = protector.Protect(organization, id, WebhookColumns.Secret, secret.Text),
            PublicKey = secret.PublicKey,
            Headers = SealedHeaders.Seal(protector, organization, id, input.Headers),
            SignatureHeader = input.SignatureHeader ?? WebhookOptions.DefaultSignatureHeader,
            TimeoutSeconds = WebhookInputCheck.Timeout(input),
            RetryDelays = WebhookInputCheck.Delays(input.Retry),
            Filter = WebhookInputCheck.Filter(input),
            CreatedAt = now,
            UpdatedAt = now,
        };
        ApplyLimits(endpoint, input);
        db.WebhookEndpoints.Add(endpoint);
        audit.Add(db, actor, organization, "webhook.created", PublicId.Format(PublicId.WebhookEndpoint, id), endpoint.Url, null, Snapshot(endpoint, input.Headers?.Keys));
        await WebhookChanges.SaveAsync(db, turn, writer, organization, cancellationToken);
        return new CreatedWebhook(id, secret.Type == SignatureType.Ed25519 ? null : secret.Text);
    }

    /// <exception cref="Refusal">Not there; malformed; or the URL may not be called.</exception>
    public async Task UpdateAsync(Actor actor, Guid id, WebhookInput input, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        if (!await db.WebhookEndpoints.AnyAsync(row => row.Id == id, cancellationToken))
        {
            throw Refusal.NotFound("The webhook endpoint");
        }

        await CheckAsync(db, input, isNew: false, cancellationToken);
        await using var turn = await WebhookChanges.TurnAsync(turns, db, id, cancellationToken);
        var endpoint = await WebhookChanges.FindAsync(db, id, cancellationToken);
        var headersBefore = SealedHeaders.OpenOrNone(protector, endpoint);
        var before = Snapshot(endpoint, headersBefore.Keys);
        if (input.Url?.Trim() is { } url && url != endpoint.Url)
        {
            // What the old one did says nothing of the new one.
            endpoint.Url = url;
            endpoint.ConsecutiveFailures = 0;
            endpoint.CircuitOpenUntil = null;
        }

        endpoint.Description = input.Description?.Trim() ?? endpoint.Description;
        endpoint.Events = input.Events is { } events ? [.. events] : endpoint.Events;
        endpoint.Headers = input.Headers is { } headers ? SealedHeaders.Seal(protector, organization, id, headers) : endpoint.Headers;
        endpoint.SignatureHeader = input.SignatureHeader ?? endpoint.SignatureHeader;
        endpoint.TimeoutSeconds = input.TimeoutSeconds ?? endpoint.TimeoutSeconds;
        endpoint.RetryDelays = input.Retry is { } retry ? WebhookInputCheck.Delays(retry) : endpoint.RetryDelays;
        var ordering = (endpoint.Ordering, endpoint.OrderingSkipAfter);
        ApplyLimits(endpoint, input);
        endpoint.Filter = input.Filter is null ? endpoint.Filter : WebhookInputCheck.Filter(input);
        if (input.IsActive is { } active && active != endpoint.IsActive)
        {
            endpoint.IsActive = active;
            endpoint.DisabledReason = null;
            endpoint.DisabledAt = active ? null : time.GetUtcNow();
            endpoint.ConsecutiveFailures = 0;
            endpoint.CircuitOpenUntil = null;
        }

        endpoint.UpdatedAt = time.GetUtcNow();
        audit.Add(db, actor, organization, "webhook.updated", PublicId.Format(PublicId.WebhookEndpoint, id), endpoint.Url, before, Snapshot(endpoint, HeadersAfter(headersBefore, input.Headers)));
        await WebhookChanges.SaveAsync(db, turn, writer, organization, cancellationToken);
        if (ordering != (endpoint.Ordering, endpoint.OrderingSkipAfter))
        {
            await writer.WriteAsync(session => ParkedDeliveries.ReorderAsync(session, organization, id, clock.UtcNow), CancellationToken.None);
        }
    }

    /// <summary>Deletes an endpoint. Deliveries that wait for it are discarded; its history stays until retention takes it; its secrets go at once.</summary>
    /// <exception cref="Refusal">Not there.</exception>
    public async Task DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        await using var turn = await WebhookChanges.TurnAsync(turns, db, id, cancellationToken);
        var endpoint = await WebhookChanges.FindAsync(db, id, cancellationToken);
        audit.Add(db, actor, organization, "webhook.deleted", PublicId.Format(PublicId.WebhookEndpoint, id), endpoint.Url, Snapshot(endpoint, SealedHeaders.OpenOrNone(protector, endpoint).Keys), null);
        endpoint.DeletedAt = time.GetUtcNow();
        endpoint.IsActive = false;
        endpoint.Secret = [];
        endpoint.PreviousSecret = null;
        endpoint.Headers = null;
        await WebhookChanges.SaveAsync(db, turn, writer, organization, cancellationToken);
        await writer.WriteAsync(session => ParkedDeliveries.DiscardAsync(session, organization, id, time.GetUtcNow()), CancellationToken.None);
    }

    private async Task DemandRoomAsync(IntegrationsDbContext db, CancellationToken cancellationToken)
    {
        if (await db.WebhookEndpoints.CountAsync(cancellationToken) >= options.Value.MaxEndpoints)
        {
            throw Refusal.Unprocessable(null, $"An organization may have at most {options.Value.MaxEndpoints} webhook endpoints. Delete one that is no longer used.");
        }

        // Those that were deleted meanwhile count too; those that a clock made which was set back since do not.
        var now = time.GetUtcNow();
        var latest = now + _minute;
        var since = TimeOrderedId.LowestAt(now - _minute);
        var recent = await db.WebhookEndpoints.IgnoreQueryFilters([WebhookEndpointConfiguration.NotDeletedFilter]).Where(endpoint => endpoint.Id.CompareTo(since) >= 0 && endpoint.CreatedAt <= latest)
            .OrderBy(endpoint => endpoint.Id).Select(endpoint => endpoint.CreatedAt).ToListAsync(cancellationToken);
        if (recent.Count >= options.Value.MaxCreationsPerMinute)
        {
            var wait = recent[recent.Count - options.Value.MaxCreationsPerMinute] + _minute - now;
            throw Refusal.TooMany(
                $"An organization may add at most {options.Value.MaxCreationsPerMinute} webhook endpoints a minute.", wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1));
        }
    }

    // What limits deliveries; zero or a mode of none takes a limit away.
    private static void ApplyLimits(WebhookEndpoint endpoint, WebhookInput input)
    {
        endpoint.RateLimitPerSecond = OrNone(input.RateLimitPerSecond, endpoint.RateLimitPerSecond);
        endpoint.MaxInFlight = OrNone(input.MaxInFlight, endpoint.MaxInFlight);
        if (input.Ordering is { } ordering)
        {
            endpoint.Ordering = WebhookInputCheck.Mode(ordering);
            endpoint.OrderingSkipAfter = ordering.SkipAfter;
        }

        if (input.CircuitBreaker is { } circuit)
        {
            (int? failures, int? seconds) = circuit.Failures is > 0 ? (circuit.Failures, circuit.Seconds) : (null, null);
            if ((failures, seconds) != (endpoint.CircuitFailures, endpoint.CircuitSeconds))
            {
                (endpoint.CircuitFailures, endpoint.CircuitSeconds, endpoint.CircuitOpenUntil) = (failures, seconds, null);
            }
        }
    }

    private static int? OrNone(int? given, int? present) => given switch
    {
        null => present,
        0 => null,
        _ => given,
    };

    private async Task CheckAsync(IntegrationsDbContext db, WebhookInput input, bool isNew, CancellationToken cancellationToken)
    {
        var defined = await db.EventTypeDefinitions.Select(type => type.Name).ToListAsync(cancellationToken);
        Faults faults = new();
        WebhookInputCheck.Check(input, isNew, defined.ToHashSet(StringComparer.Ordinal), faults);
        if (input.Url?.Trim() is { Length: > 0 and <= WebhookOptions.MaxUrlLength } url && await guard.CheckUrlAsync(url, cancellationToken) is { } reason)
        {
            faults.Add("url", reason);
        }

        faults.ThrowIfAny();
    }

    // That a value is another can be told, but not which.
    private static IEnumerable<string> HeadersAfter(Dictionary<string, string> before, IReadOnlyDictionary<string, string>? given) =>
        given?.Select(header => before.TryGetValue(header.Key, out var value) && value != header.Value ? $"{header.Key} (new value)" : header.Key) ?? before.Keys;

    private static object Snapshot(WebhookEndpoint endpoint, IEnumerable<string>? headers) => new
    {
        endpoint.Url,
        endpoint.Description,
        Events = endpoint.Events.ToArray(),
        endpoint.IsActive,
        Headers = headers?.Order(StringComparer.OrdinalIgnoreCase).ToArray() ?? [],
        endpoint.SignatureHeader,
        endpoint.PublicKey,
        endpoint.TimeoutSeconds,
        RetryDelays = endpoint.RetryDelays.ToArray(),
        endpoint.RateLimitPerSecond,
        endpoint.MaxInFlight,
        endpoint.Ordering,
        endpoint.OrderingSkipAfter,
        endpoint.CircuitFailures,
        endpoint.CircuitSeconds,
        endpoint.Filter,
    };
}
