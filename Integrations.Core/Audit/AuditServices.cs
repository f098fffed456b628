using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Audit;

public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton(RetentionRule.OfTable("AuditEntries", options => options.AuditDays))
        .AddSingleton<AuditLog>()
        .AddSingleton<AuditQueries>();
}
