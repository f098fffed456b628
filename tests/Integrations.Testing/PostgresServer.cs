using System.Globalization;
using Npgsql;

namespace Integrations.Testing;

/// <summary>
/// A real PostgreSQL for tests: one private server in a temporary folder for each test process, or the one that
/// INTEGRATIONS_TEST_POSTGRES names. It ends with the process, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Variable = "INTEGRATIONS_TEST_POSTGRES";

    private const string Prefix = "integrations_test_";

    private static readonly Lazy<Task<PostgresServer>> _shared = new(() => StartAsync(isDurable: false, CancellationToken.None));

    private readonly PostgresCluster? _cluster;
    private readonly string _administration;

    private PostgresServer(PostgresCluster? cluster, string connectionString)
    {
        _cluster = cluster;
        _administration = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
    }

    /// <summary>Why there is none on this machine; null when there is.</summary>
    public static string? Missing { get; } = Given is null && PostgresCluster.FindBinaries() is null
        ? $"PostgreSQL is not installed and {Variable} is not set."
        : null;

    /// <summary>Why tests may not stop their server; null when they may.</summary>
    public static string? NotOurs { get; } = Given is null ? null : $"The server that {Variable} names is not stopped by tests.";

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    private PostgresCluster Cluster => _cluster ?? throw new InvalidOperationException(NotOurs);

    /// <summary>
    /// The server that all tests of this process share. It does not wait for its disk, so that a test that stops its server, and whoever measures, starts a new one instead.
    /// </summary>
    public static Task<PostgresServer> SharedAsync() => _shared.Value;

    /// <summary>A server that is as durable as one in production.</summary>
    public static Task<PostgresServer> StartNewAsync(CancellationToken cancellationToken = default) => StartAsync(isDurable: true, cancellationToken);

    private static async Task<PostgresServer> StartAsync(bool isDurable, CancellationToken cancellationToken)
    {
        if (Given is { } given)
        {
            var server = new PostgresServer(null, given);
            await server.DropAbandonedAsync(cancellationToken);
            return server;
        }

        var cluster = await PostgresCluster.CreateAsync(isDurable, cancellationToken);
        return new PostgresServer(cluster, cluster.ConnectionString);
    }

    /// <summary>Makes a database and returns its connection string. <paramref name="template"/> is the connection string of one to copy, which nobody uses any more.</summary>
    public async Task<string> CreateDatabaseAsync(string? template = null, CancellationToken cancellationToken = default)
    {
        var name = Prefix + Guid.CreateVersion7().ToString("N");
        var copied = "";
        if (template is not null)
        {
            var source = await ReleaseAsync(template, cancellationToken);
            copied = $" TEMPLATE {Quoted(source)}";
        }

        await ExecuteAsync($"CREATE DATABASE {Quoted(name)}{copied}", cancellationToken);
        return new NpgsqlConnectionStringBuilder(_administration) { Database = name, Pooling = true, IncludeErrorDetail = true }.ConnectionString;
    }

    /// <summary>Drops it even while connections are open.</summary>
    public async Task DropDatabaseAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var name = await ReleaseAsync(connectionString, cancellationToken);
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Cluster.StartAsync(cancellationToken);

    /// <param name="immediately">As after a crash: nothing is written back, and the next start recovers from the log.</param>
    public Task StopAsync(bool immediately = false, CancellationToken cancellationToken = default) => Cluster.StopAsync(immediately, cancellationToken);

    public async Task RestartAsync(bool immediately = false, CancellationToken cancellationToken = default)
    {
        await StopAsync(immediately, cancellationToken);
        await StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Ends every connection to a database: PostgreSQL neither copies nor drops one that is in use.</summary>
    private async Task<string> ReleaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using (var pooled = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        var name = new NpgsqlConnectionStringBuilder(connectionString).Database
            ?? throw new ArgumentException("The connection string names no database.", nameof(connectionString));
        await using var source = NpgsqlDataSource.Create(_administration);
        await using var command = source.CreateCommand("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()");
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return name;
    }

    /// <summary>
    /// A given server outlives the tests, whose process the runner ends without ceremony. So the next run drops what older ones left; the names tell their time.
    /// </summary>
    private async Task DropAbandonedAsync(CancellationToken cancellationToken)
    {
        var old = Guid.CreateVersion7(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(2)).ToString("N", CultureInfo.InvariantCulture);
        var names = new List<string>();
        await using (var source = NpgsqlDataSource.Create(_administration))
        await using (var command = source.CreateCommand("SELECT datname FROM pg_database WHERE datname LIKE $1 AND datname COLLATE \"C\" < $2"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = Prefix.Replace("_", @"\_", StringComparison.Ordinal) + "%" });
            command.Parameters.Add(new NpgsqlParameter { Value = Prefix + old });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", cancellationToken);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_administration);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
