using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Sync;

public static class SyncServices
{
    private static readonly string _partsSql =
        $"""
        DELETE FROM "SyncParts" WHERE ("RunId", "DataType", "Direction") IN (
          SELECT "RunId", "DataType", "Direction" FROM "SyncParts" WHERE "RunId" < $1 ORDER BY "RunId" LIMIT {RetentionRule.LotSize})
        """;

    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddSettings<SyncOptions>("Sync");
        services.AddSingleton(RetentionRule.OfTable("SyncIssues", options => options.SyncDays));
        services.AddSingleton(new RetentionRule(_partsSql, options => options.SyncDays, static (bind, oldest) => bind.Add(TimeOrderedId.LowestAt(oldest))));
        services.AddSingleton(RetentionRule.OfTable("SyncRuns", options => options.SyncDays));
        services.AddSingleton<SyncStore>();
        services.AddSingleton<LinkStore>();
        services.AddSingleton<MissingRows>();
        services.AddSingleton<InboundLot>();
        services.AddSingleton<LateReferences>();
        services.AddSingleton<MappingPreviews>();
        services.AddSingleton<InboundPass>();
        services.AddSingleton<OutboundLot>();
        services.AddSingleton<OutboundPass>();
        services.AddSingleton<FilePass>();
        services.AddSingleton<RetryPass>();
        services.AddSingleton<SyncEngine>();
        services.AddSingleton<SyncService>();
        services.AddSingleton<SyncQueries>();
        services.AddHostedService<SyncRunner>();
        services.AddHostedService<SyncSchedules>();
        return services;
    }
}
