using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Sandbox.Webhooks;
using Integrations.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>A hub with an organization of the test's own, and a real receiver for its webhooks.</summary>
internal sealed class WebhookWorld : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly HubApp _hub;

    private WebhookWorld(HubApp hub, HubTenant tenant, SandboxHost sandbox)
    {
        _hub = hub;
        Tenant = tenant;
        Sandbox = sandbox;
    }

    /// <summary>The name under which the receiver keeps what comes.</summary>
    public const string Name = "partner";

    public HubTenant Tenant { get; }

    public HttpClient Client => Tenant.Client;

    public SandboxHost Sandbox { get; }

    public WebhookReceiver Receiver => Sandbox.Receiver;

    public static async Task<WebhookWorld> CreateAsync(SharedHubs hubs, DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        return new WebhookWorld(hub, await hub.CreateOrganizationAsync(), await SandboxHost.StartAsync());
    }

    /// <summary>Creates an endpoint at the receiver.</summary>
    /// <param name="more">Members beside the URL and the events; these may be replaced too.</param>
    public async Task<ApiReply> CreateAsync(IReadOnlyDictionary<string, object?>? more = null)
    {
        Dictionary<string, object?> body = new() { ["url"] = Sandbox.ReceiveUrl(Name), ["events"] = (string[])["*"] };
        foreach (var (key, value) in more ?? new Dictionary<string, object?>())
        {
            body[key] = value;
        }

        return await Client.PostApiAsync("/api/webhooks", body);
    }

    public Task<ApiReply> PublishAsync(string type = "invoice.paid", string data = """{"invoiceId":"invoice-123"}""") =>
        Client.PostApiAsync("/api/events", $$"""{"event":"{{type}}","data":{{data}}}""");

    public Task<IReadOnlyList<ReceivedRequest>> ReceivedAsync(int count) => Receiver.WaitForAsync(Name, count, _patience);

    /// <summary>The newest delivery of an endpoint, whole, as soon as it has a status.</summary>
    public async Task<ApiReply> DeliveryAsync(string webhook, string status)
    {
        using var waiter = new SignalWaiter(_hub.Services.GetRequiredService<HubSignals>(), new HubSignal(HubSignalKind.DeliveriesChanged, Tenant.OrganizationId));
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var listed = await Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries?limit=1");
            if (listed["deliveries"].GetArrayLength() > 0 && listed["deliveries"][0] is var delivery && delivery.GetProperty("status").GetString() == status)
            {
                return await Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries/{delivery.GetProperty("id").GetString()}");
            }

            if (!await waiter.WaitAsync(patience.Token))
            {
                throw new TimeoutException($"No delivery came to be {status}: {listed}");
            }
        }
    }

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}
