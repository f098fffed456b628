using Integrations.Core.Security;
using Integrations.Core.Storage.KeyRing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Storage;

/// <summary>Brings the database up to date before the host starts, under a lock that a kill cannot leave behind.</summary>
internal sealed class DatabaseMigrator(Database database, HubDbContextFactory contexts, InstallationLock installation, KeyRingGuard keyRing, IEnumerable<IDataStep> steps, ILogger<DatabaseMigrator> log)
{
    /// <exception cref="StartupException">The database cannot be used; the message says why and what to do.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var _ = await installation.TakeAsync(cancellationToken);
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            await PrepareSqliteAsync(cancellationToken);
        }

        await MigrateAsync(cancellationToken);
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.Create(Actor.System("migrations"));
        if (database.Provider == DatabaseProvider.Postgres)
        {
            // What is undone when its time is up would be begun anew at every start.
            db.Database.SetCommandTimeout(InstallationLock.Patience);
        }

        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            StorageLog.MigrationsPending(log, pending.Count);
            await db.Database.MigrateAsync(cancellationToken);
        }

        foreach (var step in steps)
        {
            await step.RunAsync(cancellationToken);
        }

        // Under the same lock: two nodes that start for the first time must not both make the first key.
        await keyRing.CheckAsync(cancellationToken);
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

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
