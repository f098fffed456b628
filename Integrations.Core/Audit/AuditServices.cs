using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Audit;

public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<AuditLog>()
        .AddSingleton<AuditQueries>();
}
