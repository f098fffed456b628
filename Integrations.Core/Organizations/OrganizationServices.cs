using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Organizations;

public static class OrganizationServices
{
    public static IServiceCollection AddOrganizations(this IServiceCollection services)
    {
        services.AddOptions<SetupOptions>().BindConfiguration("Setup").ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<SetupOptions>, SetupOptionsValidator>();
        // Identity's stores ask for the context itself; users belong to the installation, so a worker's context serves them.
        services.AddScoped(provider => provider.GetRequiredService<HubDbContextFactory>().Create(Actor.System("identity")));
        return services.AddSingleton<SetupToken>().AddSingleton<SetupService>().AddSingleton<MemberService>().AddSingleton<ReturnUrlService>().AddSingleton<OrganizationQueries>();
    }
}
