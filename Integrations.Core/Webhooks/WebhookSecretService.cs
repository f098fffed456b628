using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks;

/// <summary>Changes the signing secrets of webhook endpoints.</summary>
public sealed class WebhookSecretService(HubDbContextFactory contexts, SecretProtector protector, AuditLog audit, IGroupWriter writer, Turns turns, TimeProvider time)
{
    public const int DefaultOverlapHours = 24;
    public const int MaxOverlapHours = 168;

    /// <summary>
    /// Gives an endpoint a new secret. Until the overlap ends, deliveries carry the signatures of both, so that its receiver can change without losing one.
    /// A rotation during an overlap ends the oldest secret at once.
    /// </summary>
    /// <param name="overlapHours">0 to <see cref="MaxOverlapHours"/>; null for <see cref="DefaultOverlapHours"/>.</param>
    /// <param name="secret">A secret of the caller's own, or null for a random one.</param>
    /// <returns>The new secret, which is shown this once.</returns>
    /// <exception cref="Refusal">Not there, or malformed.</exception>
    public async Task<string> RotateAsync(Actor actor, Guid id, int? overlapHours, string? secret, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        Faults faults = new();
        faults.AddIf(overlapHours is < 0 or > MaxOverlapHours, "overlapHours", $"overlapHours must be between 0 and {MaxOverlapHours}.");
        if (secret is not null && WebhookSecret.WhyNot(secret) is { } reason)
        {
            faults.Add("secret", reason);
        }

        faults.ThrowIfAny();
        await using var db = contexts.Create(actor);
        await using var turn = await WebhookChanges.TurnAsync(turns, db, id, cancellationToken);
        var endpoint = await WebhookChanges.FindAsync(db, id, cancellationToken);
        var present = protector.Unprotect(organization, id, WebhookColumns.Secret, endpoint.Secret);
        if (secret == present)
        {
            throw Refusal.Unprocessable("secret", "This is the secret that the endpoint has already. Give another, or leave it out for a random one.");
        }

        var next = secret ?? WebhookSecret.New().Text;
        var now = time.GetUtcNow();
        var overlap = TimeSpan.FromHours(overlapHours ?? DefaultOverlapHours);
        endpoint.PreviousSecret = overlap > TimeSpan.Zero ? protector.Protect(organization, id, WebhookColumns.PreviousSecret, present) : null;
        endpoint.PreviousSecretExpiresAt = overlap > TimeSpan.Zero ? now + overlap : null;
        endpoint.Secret = protector.Protect(organization, id, WebhookColumns.Secret, next);
        endpoint.UpdatedAt = now;
        audit.Add(
            db, actor, organization, "webhook.secret_rotated", PublicId.Format(PublicId.WebhookEndpoint, id), endpoint.Url, null, new { OldSecretSignsUntil = endpoint.PreviousSecretExpiresAt });
        await WebhookChanges.SaveAsync(db, turn, writer, organization, cancellationToken);
        return next;
    }

    /// <summary>Ends an overlap now: only the new secret signs from here on.</summary>
    /// <exception cref="Refusal">Not there, or no overlap is running.</exception>
    public async Task EndOverlapAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        await using var db = contexts.Create(actor);
        await using var turn = await WebhookChanges.TurnAsync(turns, db, id, cancellationToken);
        var endpoint = await WebhookChanges.FindAsync(db, id, cancellationToken);
        if (endpoint.PreviousSecret is null || endpoint.PreviousSecretExpiresAt <= time.GetUtcNow())
        {
            throw Refusal.Conflict(null, "The endpoint has only one secret: no overlap is running.");
        }

        var before = new { OldSecretSignsUntil = endpoint.PreviousSecretExpiresAt };
        endpoint.PreviousSecret = null;
        endpoint.PreviousSecretExpiresAt = null;
        endpoint.UpdatedAt = time.GetUtcNow();
        audit.Add(db, actor, organization, "webhook.overlap_ended", PublicId.Format(PublicId.WebhookEndpoint, id), endpoint.Url, before, null);
        await WebhookChanges.SaveAsync(db, turn, writer, organization, cancellationToken);
    }
}
