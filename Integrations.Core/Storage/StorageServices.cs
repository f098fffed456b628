using Integrations.Core.Security;
using Integrations.Core.Storage.KeyRing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Storage;

public static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration, Database database)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => database);
        services.AddSingleton<SqliteWriteGate>();
        services.AddSingleton<Turns>();
        services.AddSingleton<HubDbContextFactory>();
        services.AddSingleton<HubSignals>();
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<InstallationLock>();
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton(_ => SingleProcessLock.Take(database));
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            services.AddSingleton<IGroupWriter, SqliteGroupWriter>();
            services.AddSingleton<IHotReader, SqliteHotReader>();
        }
        else
        {
            services.AddSingleton<PostgresSignalSender>();
            services.AddSingleton<IGroupWriter, PostgresGroupWriter>();
            services.AddSingleton<IHotReader, PostgresHotReader>();
            services.AddHostedService<PostgresSignalRelay>();
        }

        services.AddSettings<RetentionOptions>("Retention");
        services.AddSingleton<RetentionSweep>();
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database").ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();
        services.AddKeyRing(database, ReadMasterKey(configuration));
        return services;
    }

    /// <summary>Migrates the database and checks the key ring. Call it before the host starts.</summary>
    /// <exception cref="StartupException">The database cannot be used; the message says why and what to do.</exception>
    public static Task PrepareStorageAsync(this IServiceProvider services, CancellationToken cancellationToken = default) =>
        services.GetRequiredService<DatabaseMigrator>().RunAsync(cancellationToken);

    /// <summary>Sends a hint to all parts of the hub on every node.</summary>
    public static Task SignalAsync(this IGroupWriter writer, HubSignal signal, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            session =>
            {
                session.SignalAfterCommit(signal);
                return ValueTask.FromResult(true);
            },
            cancellationToken);

    // A malformed key is told with all other faults of the configuration, by the validator, before anything uses the ring.
    private static MasterKey? ReadMasterKey(IConfiguration configuration)
    {
        try
        {
            return MasterKey.Read(configuration);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
