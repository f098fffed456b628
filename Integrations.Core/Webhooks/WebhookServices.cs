using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Core.Webhooks.Filters;
using Integrations.Core.Webhooks.Replays;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Webhooks;

public static class WebhookServices
{
    // By endpoint, because that is how the index of what was not delivered begins.
    private static readonly string _keptDeliveriesSql =
        $"""
        DELETE FROM "WebhookDeliveries" WHERE "Id" IN (
          SELECT d."Id" FROM "WebhookEndpoints" e JOIN "WebhookDeliveries" d ON d."EndpointId" = e."Id"
          WHERE d."Status" <> 3 AND d."Status" = 5 AND d."CompletedAt" < $1 AND d."Error" IN ('{DeliveryReasons.PublishedWhileOff}', '{DeliveryReasons.SwitchedOff}')
          LIMIT {RetentionRule.LotSize})
        """;

    private static readonly string _statisticsSql =
        $"""
        DELETE FROM "WebhookStatistics" WHERE ("EndpointId", "Since", "IsSuccess", "LatencyStep") IN (
          SELECT s."EndpointId", s."Since", s."IsSuccess", s."LatencyStep" FROM "WebhookEndpoints" e JOIN "WebhookStatistics" s ON s."EndpointId" = e."Id"
          WHERE s."Since" < $1 LIMIT {RetentionRule.LotSize})
        """;

    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton(RetentionRule.OfTable("WebhookAttempts", options => options.AttemptDays));
        services.AddSingleton(RetentionRule.OfTable("WebhookDeliveries", options => options.DeliveryDays));
        services.AddSingleton(RetentionRule.OfTable("WebhookReplays", options => options.DeliveryDays));
        services.AddSingleton(new RetentionRule(_keptDeliveriesSql, options => options.KeptDays, (bind, oldest) => bind.Add(oldest)));
        services.AddSingleton(new RetentionRule(_statisticsSql, options => options.StatisticDays, (bind, oldest) => bind.Add(oldest)));
        services.AddSettings<WebhookOptions>("Webhooks");
        services.AddSingleton<IEventTransactionHook, WebhookFanOut>();
        services.AddSingleton<WebhookQueries>();
        services.AddSingleton<WebhookCharts>();
        services.AddSingleton<WebhookService>();
        services.AddSingleton<WebhookSecretService>();
        services.AddSingleton<FilterTrials>();
        services.AddSingleton<DeliveriesUnderWay>();
        services.AddSingleton<DeliveryQueries>();
        services.AddSingleton<DeliveryService>();
        services.AddSingleton<DeliveryTail>();
        services.AddSingleton<ReplayQueries>();
        services.AddSingleton<ReplayService>();
        services.AddSingleton<EndpointCache>();
        services.AddSingleton<WebhookHttp>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<ServedEndpoints>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<EndpointHealth>();
        services.AddSingleton<OutcomeStore>();
        services.AddSingleton<OutcomeWriter>();
        services.AddSingleton<StatisticsRecorder>();
        // Hosted services end in reverse: the recorder after the dispatcher that feeds it.
        services.AddHostedService(provider => provider.GetRequiredService<StatisticsRecorder>());
        services.AddHostedService<WebhookDispatcher>();
        services.AddSingleton<ReplayQueue>();
        services.AddHostedService<ReplayRunner>();
        return services;
    }
}
