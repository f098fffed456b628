using Integrations.Core.Security;
using Integrations.Core.Storage.KeyRing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>Brings the database up to date before the host starts, under a lock that ends with the process or its connection, however that ends.</summary>
internal sealed class DatabaseMigrator(Database database, HubDbContextFactory contexts, KeyRingGuard keyRing, DatabaseClock clock, ILogger<DatabaseMigrator> log)
{
    // Any number will do, as long as all nodes use the same.
    private const long PostgresLock = 0x1E7E6A71;

    /// <exception cref="StartupException">The database cannot be used; the message says why and what to do.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            Directory.CreateDirectory(database.Directory);
            await using var _ = await LockFileAsync(cancellationToken);
            await PrepareSqliteAsync(cancellationToken);
            await MigrateAsync(cancellationToken);
        }
        else
        {
            await using var connection = await database.Postgres!.OpenConnectionAsync(cancellationToken);
            await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({PostgresLock})", connection) { CommandTimeout = 300 };
            await take.ExecuteNonQueryAsync(cancellationToken);
            await MigrateAsync(cancellationToken);
            await SetClockAsync(connection, cancellationToken);
            await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({PostgresLock})", connection);
            await release.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("migrations"));
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            StorageLog.MigrationsPending(log, pending.Count);
            await db.Database.MigrateAsync(cancellationToken);
        }

        // Under the same lock: two nodes that start for the first time must not both make the first key.
        await keyRing.CheckAsync(cancellationToken);
    }

    // The file's lock, unlike a row, goes with the process.
    private async Task<FileStream> LockFileAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(database.Directory, "migrate.lock");
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 600)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
            catch (UnauthorizedAccessException)
            {
                throw new StartupException($"The data directory {database.Directory} is not writable for this user. Change its owner, or set Data:Directory to another one.");
            }
        }
    }

    private async Task PrepareSqliteAsync(CancellationToken cancellationToken)
    {
        CreateForOwnerOnly(Path.Combine(database.Directory, Database.SqliteFileName));
        await using var connection = database.OpenSqlite();
        // auto_vacuum has to come before the first table; WAL is remembered by the file.
        await ExecuteAsync(connection, "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;", cancellationToken);
        // EF's own lock is a row, which a kill leaves behind, and the next start would wait for it for ever. We hold the real lock, so any row is stale.
        await ExecuteAsync(connection, "DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
    }

    // SQLite gives its other files the mode of this one.
    private static void CreateForOwnerOnly(string path)
    {
        if (!File.Exists(path) && !OperatingSystem.IsWindows())
        {
            using var _ = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
    }

    private async Task SetClockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is DateTime now)
        {
            clock.Set(new DateTimeOffset(now, TimeSpan.Zero));
        }
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
