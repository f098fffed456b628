using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.ApiKeys;

public static class ApiKeyServices
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSettings<ApiKeyOptions>("ApiKeys");
        return services.AddSingleton<ApiKeyVerifier>().AddSingleton<ApiKeyService>().AddSingleton<ApiKeyQueries>();
    }
}
