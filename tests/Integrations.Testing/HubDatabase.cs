using Integrations.Core;
using Integrations.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Testing;

/// <summary>The database of one hub under test. Migrating takes longer than copying, so each process migrates one template of each kind.</summary>
public sealed class HubDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<IReadOnlyDictionary<string, byte[]>>> _sqliteTemplate = new(() => MigrateSqliteAsync(masterKey: null));
    private static readonly Lazy<Task<IReadOnlyDictionary<string, byte[]>>> _sqliteKeyTemplate = new(() => MigrateSqliteAsync(HubApp.MasterKey));
    private static readonly Lazy<Task<string>> _postgresTemplate = new(MigratePostgresAsync);

    private readonly TempDirectory _directory = new();
    private readonly DatabaseProvider _provider;
    private string? _connectionString;

    private HubDatabase(DatabaseProvider provider) => _provider = provider;

    public string Directory => _directory.Path;

    public Dictionary<string, string?> Settings => SettingsFor(_provider, Directory, _connectionString, _provider == DatabaseProvider.Postgres ? HubApp.MasterKey : null);

    public static async Task<HubDatabase> CreateAsync(DatabaseProvider provider, bool isMigrated)
    {
        var database = new HubDatabase(provider);
        if (provider == DatabaseProvider.Postgres)
        {
            database._connectionString = isMigrated ? await CreatePostgresAsync() : await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        }
        else if (isMigrated)
        {
            await CopyAsync(_sqliteTemplate, database.Directory);
        }

        return database;
    }

    /// <summary>Makes a migrated database of SQLite in a folder, whose master key is <see cref="HubApp.MasterKey"/>.</summary>
    public static Task CreateSqliteAsync(string directory) => CopyAsync(_sqliteKeyTemplate, directory);

    /// <summary>Makes a migrated database on the tests' server of PostgreSQL, whose master key is <see cref="HubApp.MasterKey"/>.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreatePostgresAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(await _postgresTemplate.Value);

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
        {
            await (await PostgresServer.SharedAsync()).DropDatabaseAsync(_connectionString);
        }

        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private static async Task CopyAsync(Lazy<Task<IReadOnlyDictionary<string, byte[]>>> template, string directory)
    {
        foreach (var (name, bytes) in await template.Value)
        {
            var path = Path.Combine(directory, name);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes);
        }
    }

    private static async Task<IReadOnlyDictionary<string, byte[]>> MigrateSqliteAsync(string? masterKey)
    {
        using var directory = new TempDirectory();
        await MigrateAsync(SettingsFor(DatabaseProvider.Sqlite, directory.Path, null, masterKey));
        // Closing the last connection folds the log into the file.
        SqliteConnection.ClearAllPools();
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (var path in System.IO.Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories))
        {
            files.Add(Path.GetRelativePath(directory.Path, path), await File.ReadAllBytesAsync(path));
        }

        return files;
    }

    private static async Task<string> MigratePostgresAsync()
    {
        using var directory = new TempDirectory();
        var connectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await MigrateAsync(SettingsFor(DatabaseProvider.Postgres, directory.Path, connectionString, HubApp.MasterKey));
        return connectionString;
    }

    private static async Task MigrateAsync(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddCore(configuration, settings["Data:Directory"]!).BuildServiceProvider();
        await services.PrepareStorageAsync();
    }

    private static Dictionary<string, string?> SettingsFor(DatabaseProvider provider, string directory, string? connectionString, string? masterKey) => new(StringComparer.Ordinal)
    {
        ["Data:Directory"] = directory,
        ["Database:Provider"] = provider.ToString(),
        ["ConnectionStrings:Integrations"] = connectionString,
        ["INTEGRATIONS_MASTER_KEY"] = masterKey,
    };
}
