namespace Integrations.Web.Webhooks;

/// <summary>What the pages of webhooks inject.</summary>
public static class WebhookPages
{
    public static IServiceCollection AddWebhookPages(this IServiceCollection services) => services.AddScoped<EndpointActions>().AddScoped<ReplayActions>().AddSingleton<OpenTails>();
}
