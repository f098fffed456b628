using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Requests;

public static class RequestServices
{
    public static IServiceCollection AddRequests(this IServiceCollection services) => services
        .AddSingleton(RetentionRule.OfTable("IdempotentAnswers", _ => 1))
        .AddSingleton<IdempotencyStore>();
}
