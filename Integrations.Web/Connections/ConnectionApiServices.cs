namespace Integrations.Web.Connections;

/// <summary>What the routes and the pages of consent are made of.</summary>
public static class ConnectionApiServices
{
    public static IServiceCollection AddConnectionApi(this IServiceCollection services) => services.AddSingleton<ConsentCookie>().AddSingleton<ConnectionRequests>().AddSingleton<ConnectionAnswers>();
}
