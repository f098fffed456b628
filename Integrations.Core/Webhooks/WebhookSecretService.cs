using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;

namespace Integrations.Core.Webhooks;

/// <summary>What an endpoint signs with from now on.</summary>
/// <param name="Secret">Shown this once; null for a key pair.</param>
/// <param name="PublicKey">Of a key pair; null for a shared secret.</param>
public sealed record RotatedSecret(string? Secret, string? PublicKey);

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
    /// <param name="secret">A secret or key pair of the caller's own, or null for a random one.</param>
    /// <param name="signatureType"><c>hmac256</c> or <c>ed25519</c>; null for what the endpoint has, or the secret is.</param>
    /// <exception cref="Refusal">Not there, or malformed.</exception>
    public async Task<RotatedSecret> RotateAsync(Actor actor, Guid id, int? overlapHours, string? secret, string? signatureType, CancellationToken cancellationToken)
    {
        var organization = actor.Demand(Permission.WebhooksWrite);
        Faults faults = new();
        faults.AddIf(overlapHours is < 0 or > MaxOverlapHours, "overlapHours", $"overlapHours must be between 0 and {MaxOverlapHours}.");
        if (secret is not null && WebhookSecret.WhyNot(secret) is { } reason)
        {
            faults.Add("secret", reason);
        }

        WebhookInputCheck.CheckSignatureType(signatureType, secret, faults);
        faults.ThrowIfAny();
        await using var db = contexts.Create(actor);
        await using var turn = await WebhookChanges.TurnAsync(turns, db, id, cancellationToken);
        var endpoint = await WebhookChanges.FindAsync(db, id, cancellationToken);
        var present = protector.Unprotect(organization, id, WebhookColumns.Secret, endpoint.Secret);
        if (secret == present)
        {
            throw Refusal.Unprocessable("secret", "This is the secret that the endpoint has already. Give another, or leave it out for a random one.");
        }

        var next = WebhookInputCheck.Secret(secret, signatureType, endpoint.PublicKey is null ? SignatureType.Hmac256 : SignatureType.Ed25519);
        var now = time.GetUtcNow();
        var overlap = TimeSpan.FromHours(overlapHours ?? DefaultOverlapHours);
        endpoint.PreviousSecret = overlap > TimeSpan.Zero ? protector.Protect(organization, id, WebhookColumns.PreviousSecret, present) : null;
        endpoint.PreviousSecretExpiresAt = overlap > TimeSpan.Zero ? now + overlap : null;
        endpoint.Secret = protector.Protect(organization, id, WebhookColumns.Secret, next.Text);
        endpoint.PublicKey = next.PublicKey;
        endpoint.UpdatedAt = now;
        audit.Add(
            db, actor, organization, "webhook.secret_rotated", PublicId.Format(PublicId.WebhookEndpoint, id), endpoint.Url, null, new { OldSecretSignsUntil = endpoint.PreviousSecretExpiresAt, endpoint.PublicKey });
        await WebhookChanges.SaveAsync(db, turn, writer, organization, cancellationToken);
        return new RotatedSecret(next.Type == SignatureType.Ed25519 ? null : next.Text, next.PublicKey);
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
