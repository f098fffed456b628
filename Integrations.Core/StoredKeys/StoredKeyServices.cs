using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.StoredKeys;

public static class StoredKeyServices
{
    public static IServiceCollection AddStoredKeys(this IServiceCollection services)
    {
        services.AddSettings<StoredKeyOptions>("StoredKeys");
        return services.AddSingleton<StoredKeyService>().AddSingleton<StoredKeyReader>().AddSingleton<StoredKeyQueries>();
    }
}
