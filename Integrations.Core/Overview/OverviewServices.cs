using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Overview;

public static class OverviewServices
{
    public static IServiceCollection AddOverview(this IServiceCollection services) => services.AddSingleton<OverviewQueries>();
}
