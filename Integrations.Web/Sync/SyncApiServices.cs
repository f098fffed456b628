namespace Integrations.Web.Sync;

public static class SyncApiServices
{
    public static IServiceCollection AddSyncApi(this IServiceCollection services) => services.AddSingleton<SyncWait>();
}
