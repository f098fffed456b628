using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Integrations.Web.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>A page of webhooks over the real core. Nothing is sent: the dispatcher does not run.</summary>
public abstract class WebhookTest : HubTest
{
    protected WebhookTest()
    {
        Services.AddScoped(services => new EndpointActions(
            services.GetRequiredService<CurrentMember>(), Hub.Get<WebhookService>(), Hub.Get<WebhookSecretService>(), Hub.Get<WebhookQueries>(), services.GetRequiredService<Dialogs>(),
            services.GetRequiredService<Toasts>()));
        Services.AddScoped(services => new ReplayActions(
            services.GetRequiredService<EndpointActions>(), Hub.Get<ReplayService>(), services.GetRequiredService<Dialogs>(), services.GetRequiredService<Toasts>()));
    }

    protected async Task<Guid> AddEndpointAsync(string url = "http://127.0.0.1:9/hook", params IReadOnlyList<string> events) =>
        (await Hub.Get<WebhookService>().CreateAsync(Hub.Owner, new WebhookInput { Url = url, Events = events.Count == 0 ? ["*"] : events }, CancellationToken.None)).Id;
}
