namespace Integrations.Web.Connections;

/// <summary>What the pages of connections inject.</summary>
public static class ConnectionPages
{
    public static IServiceCollection AddConnectionPages(this IServiceCollection services) => services.AddScoped<ConnectionActions>();
}
