using System.Collections.Concurrent;
using System.Security.Cryptography;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.ApiKeys;

/// <summary>Why a key was not taken, or that it was.</summary>
public enum ApiKeyVerdict
{
    Valid,
    Unknown,
    Revoked,
    Expired,
}

/// <summary>What verification found.</summary>
/// <param name="Actor">Who calls, when the key is valid.</param>
public sealed record ApiKeyVerification(ApiKeyVerdict Verdict, Actor? Actor = null);

/// <summary>
/// Verifies API keys by a look-up of their hash that is kept in memory for at most a second, which bounds how long a revoked key can live on another node;
/// in this process and with signals it dies at once. When a key was last used is written lazily, at most once a minute.
/// </summary>
public sealed class ApiKeyVerifier : IDisposable
{
    private const int MaxEntries = 10_000;
    private const string TouchSql = """UPDATE "ApiKeys" SET "LastUsedAt" = $1 WHERE "Id" = $2 AND ("LastUsedAt" IS NULL OR "LastUsedAt" < $1)""";
    private static readonly TimeSpan _maxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _touchInterval = TimeSpan.FromMinutes(1);
    private static readonly Actor _actor = Actor.System("API key verification");

    private readonly ConcurrentDictionary<string, (KeyFacts? Facts, long LoadedAt)> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _touched = new();
    private readonly HubDbContextFactory _contexts;
    private readonly IGroupWriter _writer;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public ApiKeyVerifier(HubDbContextFactory contexts, IGroupWriter writer, HubSignals signals, TimeProvider time)
    {
        _contexts = contexts;
        _writer = writer;
        _time = time;
        _subscription = signals.Subscribe(signal =>
        {
            if (signal.Kind == HubSignalKind.ApiKeysChanged)
            {
                Forget();
            }
        });
    }

    public async Task<ApiKeyVerification> VerifyAsync(string key, CancellationToken cancellationToken)
    {
        // What cannot be a key costs no look-up.
        if (!ApiKeyText.IsWellFormed(key))
        {
            return new ApiKeyVerification(ApiKeyVerdict.Unknown);
        }

        var hash = ApiKeyText.Hash(key);
        var facts = await FindAsync(hash, cancellationToken);
        if (facts is null || !CryptographicOperations.FixedTimeEquals(facts.Hash, hash))
        {
            return new ApiKeyVerification(ApiKeyVerdict.Unknown);
        }

        var now = _time.GetUtcNow();
        if (facts.IsRevoked)
        {
            return new ApiKeyVerification(ApiKeyVerdict.Revoked);
        }

        if (facts.ExpiresAt <= now)
        {
            return new ApiKeyVerification(ApiKeyVerdict.Expired);
        }

        await TouchAsync(facts.Id, now, cancellationToken);
        return new ApiKeyVerification(ApiKeyVerdict.Valid, Actor.ApiKey(facts.OrganizationId, facts.Id, facts.Name, facts.Scopes));
    }

    /// <summary>Drops what is kept in memory.</summary>
    internal void Forget() => _cache.Clear();

    public void Dispose() => _subscription.Dispose();

    private async ValueTask<KeyFacts?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var name = Convert.ToBase64String(hash);
        if (_cache.TryGetValue(name, out var cached) && _time.GetElapsedTime(cached.LoadedAt) < _maxAge)
        {
            return cached.Facts;
        }

        var loadedAt = _time.GetTimestamp();
        await using var db = _contexts.Create(_actor);
        var facts = await db.ApiKeys.Where(key => key.Hash == hash)
            .Select(key => new KeyFacts(key.Id, key.OrganizationId, key.Name, key.Hash, key.Scopes, key.ExpiresAt, key.RevokedAt != null))
            .FirstOrDefaultAsync(cancellationToken);
        if (_cache.Count >= MaxEntries)
        {
            // Somebody tries keys; the memory stays bounded.
            _cache.Clear();
        }

        _cache[name] = (facts, loadedAt);
        return facts;
    }

    private async Task TouchAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_touched.TryGetValue(id, out var last) && now - last < _touchInterval)
        {
            return;
        }

        _touched[id] = now;
        await _writer.WriteAsync(session => session.ExecuteAsync(TouchSql, bind => bind.Add(now).Add(id)), cancellationToken);
    }

    private sealed record KeyFacts(Guid Id, Guid OrganizationId, string Name, byte[] Hash, List<string> Scopes, DateTimeOffset? ExpiresAt, bool IsRevoked);
}
