using Integrations.Core.Storage.KeyRing;
using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>
/// Lets one process at a time change the installation itself: migrate it, make its first key, set it up. The lock is the file's on SQLite and a session's on
/// PostgreSQL, and so ends with the process, however that ends.
/// </summary>
public sealed class InstallationLock(Database database)
{
    // Any number will do, as long as all nodes use the same.
    private const long PostgresLock = 0x1E7E6A71;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a node waits while another one migrates, which takes its time where there is much.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <returns>Gives the lock back when disposed.</returns>
    /// <exception cref="StartupException">The data directory cannot be written.</exception>
    public Task<IAsyncDisposable> TakeAsync(CancellationToken cancellationToken) =>
        database.Provider == DatabaseProvider.Sqlite ? TakeFileAsync(cancellationToken) : TakeSessionAsync(cancellationToken);

    private async Task<IAsyncDisposable> TakeFileAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(database.Directory);
        var path = Path.Combine(database.Directory, "migrate.lock");
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 600)
            {
                await Task.Delay(_pause, cancellationToken);
            }
            catch (UnauthorizedAccessException)
            {
                throw new StartupException($"The data directory {database.Directory} is not writable for this user. Change its owner, or set Data:Directory to another one.");
            }
        }
    }

    private async Task<IAsyncDisposable> TakeSessionAsync(CancellationToken cancellationToken)
    {
        var connection = await database.Postgres!.OpenConnectionAsync(cancellationToken);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresLock})", connection) { CommandTimeout = (int)Patience.TotalSeconds };
        await take.ExecuteNonQueryAsync(cancellationToken);
        return new Session(connection);
    }

    private sealed class Session(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // The connection goes back to the pool, so the lock has to be given back by name.
            await using (var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({PostgresLock})", connection))
            {
                await release.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await connection.DisposeAsync();
        }
    }
}
