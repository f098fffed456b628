using System.Collections.Concurrent;
using Integrations.Core.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Integrations.Web.Account;

/// <summary>
/// Counts wrong passwords of addresses that have no account as Identity counts those of accounts, and spends the same time on them: otherwise the lock-out
/// would tell which addresses have one.
/// </summary>
internal sealed class UnknownAccounts(IOptions<IdentityOptions> options, IOptions<PasswordHasherOptions> hashing, TimeProvider time)
{
    private const int MaxEntries = 10_000;

    private readonly AppUser _nobody = new();
    // Identity's own is scoped, though nothing in it is.
    private readonly PasswordHasher<AppUser> _hasher = new(hashing);
    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset LockedUntil)> _tries = new(StringComparer.OrdinalIgnoreCase);
    private string? _hash;

    /// <returns>Until when the address is locked, or null.</returns>
    public DateTimeOffset? Fail(string email, string password)
    {
        var now = time.GetUtcNow();
        if (_tries.TryGetValue(email, out var tries) && tries.LockedUntil > now)
        {
            return tries.LockedUntil;
        }

        _hash ??= _hasher.HashPassword(_nobody, Guid.NewGuid().ToString());
        _hasher.VerifyHashedPassword(_nobody, _hash, password);
        if (_tries.Count >= MaxEntries)
        {
            // Somebody tries addresses; the memory stays bounded.
            _tries.Clear();
        }

        var lockout = options.Value.Lockout;
        var after = _tries.AddOrUpdate(email, _ => Next(0), (_, before) => Next(before.Failures));
        return after.LockedUntil > now ? after.LockedUntil : null;

        (int Failures, DateTimeOffset LockedUntil) Next(int failures) =>
            failures + 1 >= lockout.MaxFailedAccessAttempts ? (0, now + lockout.DefaultLockoutTimeSpan) : (failures + 1, default);
    }
}
