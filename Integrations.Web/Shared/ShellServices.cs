using Integrations.Web.Help;
using Integrations.Web.Layout;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Radzen;

namespace Integrations.Web.Shared;

public static class ShellServices
{
    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<IdResolver>();
        services.AddSingleton<HelpSearch>();
        return services.AddSharedComponents();
    }

    /// <summary>What the shared components inject, without the host of Blazor: all that a component test needs.</summary>
    public static IServiceCollection AddSharedComponents(this IServiceCollection services)
    {
        services.AddRadzenComponents();
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<Browser>();
        services.AddScoped<Clock>();
        services.AddScoped<Dialogs>();
        services.AddScoped<ShellState>();
        services.AddScoped<Toasts>();
        return services;
    }
}
