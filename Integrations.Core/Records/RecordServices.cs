using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Records;

public static class RecordServices
{
    public static IServiceCollection AddRecords(this IServiceCollection services)
    {
        services.AddSingleton(RetentionRule.OfTable("RecordChanges", options => options.AuditDays));
        services.AddSingleton<RecordEvents>();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<RecordQueries>();
        services.AddSingleton<RecordService>();
        services.AddSingleton<RecordFiles>();
        services.AddSingleton<RecordReports>();
        services.AddSingleton<IDataStep, RecordHashes>();
        return services;
    }
}
