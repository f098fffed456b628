using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Integrations.Core.Storage;

/// <summary>Sets what SQLite keeps per connection. WAL is kept in the file and set when it is made.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // FULL: accepted means on disk. The group-commit writer pays the sync once per lot, and brings what is in the log (16 MB, where 4 are usual) into the file more seldom: large
    // lots change the same pages again and again.
    public const string Statements = "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=4096;";

    public static void Apply(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Statements;
        command.ExecuteNonQuery();
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply((SqliteConnection)connection);
        return Task.CompletedTask;
    }
}
