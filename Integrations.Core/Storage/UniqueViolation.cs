using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>Tells a row that is there already from other faults of the database.</summary>
internal static class UniqueViolation
{
    // https://www.sqlite.org/rescode.html#constraint_unique
    private const int SqliteCode = 2067;

    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == SqliteCode,
        _ => false,
    };
}
