using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Integrations.Core.Storage;

/// <summary>
/// Lets those who change the same thing go one after the other, over all nodes, so that what one counts is still true when it saves. On SQLite, which one hub
/// uses alone, they queue in the process; on PostgreSQL a transaction of the context holds a lock.
/// </summary>
public sealed class Turns
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _queues = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn. Save, then call <see cref="Turn.EndAsync"/>; disposed without it, nothing is kept on PostgreSQL.</summary>
    public async Task<Turn> TakeAsync(IntegrationsDbContext db, string name, CancellationToken cancellationToken)
    {
        if (db is PostgresIntegrationsDbContext)
        {
            var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            try
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);
                return new Turn(null, transaction);
            }
            catch
            {
                await transaction.DisposeAsync();
                throw;
            }
        }

        var queue = _queues.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await queue.WaitAsync(cancellationToken);
        return new Turn(queue, null);
    }

    /// <summary>The turn of one caller.</summary>
    public sealed class Turn(SemaphoreSlim? queue, IDbContextTransaction? transaction) : IAsyncDisposable
    {
        public Task EndAsync() => transaction?.CommitAsync(CancellationToken.None) ?? Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            queue?.Release();
            if (transaction is not null)
            {
                await transaction.DisposeAsync();
            }
        }
    }
}
