using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Requests;

/// <summary>An answer that was given before.</summary>
public sealed record StoredAnswer(int Status, string Body, string? ContentType, string? Location);

/// <summary>Remembers the answers of creating requests by their <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyStore(HubDbContextFactory contexts, SecretProtector protector, TimeProvider time)
{
    public const int MaxKeyLength = 255;

    private const string Column = "IdempotentAnswer.Body";
    private static readonly TimeSpan _kept = TimeSpan.FromHours(24);
    // A request that died without an answer must not block its key for a day.
    private static readonly TimeSpan _abandoned = TimeSpan.FromMinutes(2);

    /// <summary>Begins a request: returns the answer given before, or reserves the key and returns null.</summary>
    /// <exception cref="Refusal">The key was used for another request, or the same request is under way.</exception>
    public async Task<StoredAnswer?> BeginAsync(Actor actor, Guid organization, string key, byte[] requestHash, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        var now = time.GetUtcNow();
        var found = await db.IdempotentAnswers.FirstOrDefaultAsync(answer => answer.Key == key, cancellationToken);
        if (found is not null && (now - found.CreatedAt > _kept || (found.Status is null && now - found.CreatedAt > _abandoned)))
        {
            try
            {
                db.IdempotentAnswers.Remove(found);
                await db.SaveChangesAsync(cancellationToken);
                found = null;
            }
            catch (DbUpdateConcurrencyException)
            {
                // The same key came at the same moment, and its request goes on.
                throw UnderWay();
            }
        }

        if (found is null)
        {
            db.IdempotentAnswers.Add(new IdempotentAnswer { Id = TimeOrderedId.New(now), OrganizationId = organization, Key = key, RequestHash = requestHash, CreatedAt = now });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return null;
            }
            catch (DbUpdateException exception) when (exception.IsUniqueViolation())
            {
                // The unique index: the same key came at the same moment, and its request goes on.
                throw UnderWay();
            }
        }

        if (!found.RequestHash.AsSpan().SequenceEqual(requestHash))
        {
            throw Refusal.Conflict("Idempotency-Key", "This Idempotency-Key was used for another request. Use a new key for a new request.");
        }

        return found.Status is { } status
            ? new StoredAnswer(status, protector.Unprotect(organization, found.Id, Column, found.Body!), found.ContentType, found.Location)
            : throw UnderWay();
    }

    /// <summary>Keeps the answer, or gives the key free when there is none worth keeping.</summary>
    /// <param name="answer">Null after a fault of the hub, so that the request can be made again.</param>
    public async Task EndAsync(Actor actor, Guid organization, string key, StoredAnswer? answer, CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(actor);
        var row = await db.IdempotentAnswers.FirstOrDefaultAsync(found => found.Key == key, cancellationToken);
        if (row is null)
        {
            return;
        }

        if (answer is null)
        {
            db.IdempotentAnswers.Remove(row);
        }
        else
        {
            row.Status = answer.Status;
            row.Body = protector.Protect(organization, row.Id, Column, answer.Body);
            row.ContentType = answer.ContentType;
            row.Location = answer.Location;
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static Refusal UnderWay() => Refusal.Conflict("Idempotency-Key", "A request with this Idempotency-Key is under way. Ask again in a moment.");
}
