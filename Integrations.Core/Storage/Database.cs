using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Integrations.Core.Storage;

/// <summary>The database that configuration names: which kind, where, and how to connect.</summary>
public sealed class Database : IAsyncDisposable
{
    public const string SqliteFileName = "integrations.db";

    // For which a statement waits for the lock of another process, such as `admin create` beside a running hub.
    private const int SqliteBusySeconds = 30;

    private readonly SqlitePragmas _pragmas = new();
    private readonly Lazy<NpgsqlDataSource>? _postgres;
    private readonly Lazy<NpgsqlDataSource>? _hotPostgres;

    // What one filter leaves is much and another one little, also of the same statement: a plan that is to fit all of them reads too much for some.
    private const string PlanEach = "SET plan_cache_mode = force_custom_plan";

    // The hot statements all look rows up by an index, and are planned once. Left to itself the server plans lots anew, and while its statistics are behind what was just
    // stored it would rather read whole tables for each.
    private const string PlanOnce = "SET plan_cache_mode = force_generic_plan; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET jit = off";

    private Database(DatabaseProvider provider, string directory, string connectionString)
    {
        Provider = provider;
        Directory = directory;
        ConnectionString = connectionString;
        // Made at the first use: a connection string that cannot be read is told with all other faults of the configuration.
        _postgres = provider == DatabaseProvider.Postgres ? new Lazy<NpgsqlDataSource>(() => CreateDataSource(connectionString, PlanEach)) : null;
        _hotPostgres = provider == DatabaseProvider.Postgres ? new Lazy<NpgsqlDataSource>(() => CreateDataSource(connectionString, PlanOnce)) : null;
    }

    public DatabaseProvider Provider { get; }

    /// <summary>The data directory; with PostgreSQL it holds nothing that matters.</summary>
    public string Directory { get; }

    public string ConnectionString { get; }

    /// <summary>The connection pool, on PostgreSQL.</summary>
    public NpgsqlDataSource? Postgres => _postgres?.Value;

    /// <summary>The connection pool for the hot tables, on PostgreSQL.</summary>
    internal NpgsqlDataSource? HotPostgres => _hotPostgres?.Value;

    public static Database Sqlite(string directory) => new(DatabaseProvider.Sqlite, directory, new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(directory, SqliteFileName),
        ForeignKeys = true,
        DefaultTimeout = SqliteBusySeconds,
    }.ToString());

    /// <param name="defaultDirectory">The data directory when <c>Data:Directory</c> is empty.</param>
    public static Database FromConfiguration(IConfiguration configuration, string defaultDirectory)
    {
        var directory = configuration["Data:Directory"] is { Length: > 0 } given ? Path.GetFullPath(given) : defaultDirectory;
        return string.Equals(configuration["Database:Provider"], nameof(DatabaseProvider.Postgres), StringComparison.OrdinalIgnoreCase)
            ? ForPostgres(directory, configuration.GetConnectionString("Integrations") ?? "")
            : Sqlite(directory);
    }

    public static Database ForPostgres(string directory, string connectionString) => new(DatabaseProvider.Postgres, directory, connectionString);

    public DbContextOptions ContextOptions() => Provider switch
    {
        DatabaseProvider.Sqlite => new DbContextOptionsBuilder().UseSqlite(ConnectionString).AddInterceptors(_pragmas).Options,
        _ => new DbContextOptionsBuilder().UseNpgsql(Postgres!).Options,
    };

    /// <summary>A connection of its own to the SQLite file, with the hub's pragmas.</summary>
    public SqliteConnection OpenSqlite()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        SqlitePragmas.Apply(connection);
        return connection;
    }

    /// <summary>As <see cref="OpenSqlite"/>, for the hot tables.</summary>
    internal SqliteStatements OpenSqliteStatements() => new(Path.Combine(Directory, SqliteFileName), TimeSpan.FromSeconds(SqliteBusySeconds));

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in new[] { _hotPostgres, _postgres })
        {
            if (pool is { IsValueCreated: true })
            {
                await pool.Value.DisposeAsync();
            }
        }
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString, string settings)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        // The statements are few and repeat for ever.
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        // What is set below stays, and nothing else is left behind: there is nothing to reset between two users of a connection.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.ConnectionStringBuilder.ApplicationName ??= "integrations";
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(settings, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(settings, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }
}
