using Integrations.Core.Jobs;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Integrations.Core.Connections;

public static class ConnectionServices
{
    private const string CallHoursSql =
        """DELETE FROM "ProviderCallHours" WHERE ("ConnectionId", "Since") IN (SELECT "ConnectionId", "Since" FROM "ProviderCallHours" WHERE "Since" < $1 ORDER BY "Since" LIMIT 500)""";

    public static IServiceCollection AddProviderConnections(this IServiceCollection services)
    {
        services.AddSettings<ConnectionsOptions>("Connections");
        services.AddSingleton(new RetentionRule(CallHoursSql, options => options.StatisticDays, (bind, oldest) => bind.Add(oldest)));
        services.TryAddSingleton<IHubAddress, ConfiguredHubAddress>();
        services.AddSingleton<CredentialVault>();
        services.AddSingleton<OAuthClients>();
        services.AddSingleton<ConnectionExchanges>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<ConnectionRows>();
        services.AddSingleton<ConnectionStarts>();
        services.AddSingleton<TokenRefresher>();
        services.AddSingleton<CallRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<CallRecorder>());
        services.AddSingleton<ProviderGateway>();
        services.AddSingleton<ConnectionProbe>();
        services.AddSingleton<ConnectionWebhooks>();
        services.AddSingleton<ConnectionQueries>();
        services.AddSingleton<ConnectionService>();
        services.AddSingleton<ConnectService>();
        services.AddSingleton<ConsentLinks>();
        services.AddSingleton<ConsentGrants>();
        services.AddSingleton<ConsentStore>();
        services.AddSingleton<ConsentService>();
        services.AddSingleton<ConnectionUpkeep>();
        return services.AddRecurringJob<ConnectionUpkeepJob>("connection-upkeep", "0 * * * * ?");
    }
}
