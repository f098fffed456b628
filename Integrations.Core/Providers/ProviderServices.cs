using Integrations.Core.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Providers;

public static class ProviderServices
{
    public static IServiceCollection AddProviders(this IServiceCollection services)
    {
        services.AddSingleton(_ => ConnectorCatalog.FromAssembly());
        services.AddOptions<ProvidersOptions>().BindConfiguration("Providers").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProvidersOptions>, ProvidersOptionsValidator>();
        services.AddSingleton<ProviderDirectory>();
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton(provider => new ProviderPipeline(provider.GetRequiredService<ProviderHttp>(), provider.GetRequiredService<ProviderDirectory>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
