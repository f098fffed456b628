using System.Security.Cryptography;
using System.Text;
using Integrations.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Integrations.Core.Jobs;

/// <summary>The job engine: Quartz, for schedules and housekeeping. On SQLite it has a file of its own, so that its locks never meet the hub's.</summary>
public static class JobServices
{
    private const string SqliteFileName = "jobs.db";

    public static IServiceCollection AddJobs(this IServiceCollection services, Database database)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                // Quartz keeps schedulers by name for the whole process, and tests run several hubs in one.
                scheduler.InstanceName = "integrations-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database.ConnectionString)))[..12];
                scheduler.GenerateInstanceId = true;
            });
            quartz.UseDefaultThreadPool(4);
            quartz.UsePersistentStore(store =>
            {
                if (database.Provider == DatabaseProvider.Sqlite)
                {
                    store.UseSqlite(SqliteFactory.Instance, new SqliteConnectionStringBuilder { DataSource = Path.Combine(database.Directory, SqliteFileName) }.ToString());
                }
                else
                {
                    store.UsePostgres(database.ConnectionString);
                    store.UseClustering();
                }

                store.ProvisionSchema();
                store.UseExecutionHistory();
            });
        });
        // At a quiet time; a hub that was off then does it when it is back.
        services.AddRecurringJob<RetentionJob>("retention", "0 15 3 * * ?");
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    /// <summary>A job that runs by a cron expression (with seconds, in UTC); one that was missed runs once when the hub is back.</summary>
    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services, string name, string cron)
        where TJob : IJob =>
        services.AddQuartz(quartz => quartz.ScheduleJob<TJob>(trigger => trigger
            .WithIdentity(name)
            .WithCronSchedule(cron, schedule => schedule.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))));
}
