using Integrations.Core.Events.Schemas;
using Integrations.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Events;

public static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton(RetentionRule.OfTable("Events", options => options.EventDays))
        .AddSingleton<EventTypes>()
        .AddSingleton<EventSchemas>()
        .AddSingleton<EventPublisher>()
        .AddSingleton<EventQueries>();
}
