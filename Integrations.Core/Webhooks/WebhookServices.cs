using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Core.Webhooks.Replays;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Webhooks;

public static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton(new RetentionRule("WebhookAttempts", options => options.AttemptDays));
        services.AddSingleton(new RetentionRule("WebhookDeliveries", options => options.DeliveryDays));
        services.AddSingleton(new RetentionRule("WebhookReplays", options => options.DeliveryDays));
        services.AddSettings<WebhookOptions>("Webhooks");
        services.AddSingleton<IEventTransactionHook, WebhookFanOut>();
        services.AddSingleton<WebhookQueries>();
        services.AddSingleton<WebhookService>();
        services.AddSingleton<DeliveryQueries>();
        services.AddSingleton<DeliveryService>();
        services.AddSingleton<ReplayQueries>();
        services.AddSingleton<ReplayService>();
        services.AddSingleton<EndpointCache>();
        services.AddSingleton<WebhookHttp>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<OutcomeWriter>();
        services.AddHostedService<WebhookDispatcher>();
        services.AddSingleton<ReplayQueue>();
        services.AddHostedService<ReplayRunner>();
        return services;
    }
}
