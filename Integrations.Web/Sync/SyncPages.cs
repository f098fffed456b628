namespace Integrations.Web.Sync;

/// <summary>What the pages of syncs inject.</summary>
public static class SyncPages
{
    public static IServiceCollection AddSyncPages(this IServiceCollection services) => services.AddScoped<SyncActions>();
}
