using Integrations.Core.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Sync;

public static class SyncServices
{
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddSettings<SyncOptions>("Sync");
        services.AddSingleton<SyncStore>();
        services.AddSingleton<LinkStore>();
        services.AddSingleton<MissingRows>();
        services.AddSingleton<InboundLot>();
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
