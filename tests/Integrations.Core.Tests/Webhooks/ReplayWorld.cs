using System.Text;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>A hub with a receiver, and what tests of replays do with them.</summary>
internal sealed class ReplayWorld : IAsyncDisposable
{
    /// <summary>The name under which the receiver keeps what comes.</summary>
    public const string Name = "a";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private ReplayWorld(TestHub hub, SandboxHost sandbox)
    {
        Hub = hub;
        Sandbox = sandbox;
    }

    public TestHub Hub { get; }

    public SandboxHost Sandbox { get; }

    public Guid Endpoint { get; private set; }

    public ReplayService Service => Hub.Get<ReplayService>();

    public static async Task<ReplayWorld> CreateAsync(DatabaseProvider provider, TimeProvider? time = null, string behaviour = "ok", params string[] events)
    {
        var world = new ReplayWorld(await TestHub.CreateAsync(provider, time), await SandboxHost.StartAsync(new SandboxOptions { KeptPerName = 20_000 }));
        world.Sandbox.Receiver.Behave(Name, behaviour);
        var created = await world.Hub.Get<WebhookService>().CreateAsync(
            world.Hub.Actor,
            new WebhookInput { Url = world.Sandbox.ReceiveUrl(Name), Events = events.Length == 0 ? ["*"] : events, Retry = new RetryInput(Delays: []) },
            CancellationToken.None);
        world.Endpoint = created.Id;
        return world;
    }

    public async Task<IReadOnlyList<string>> PublishAsync(int count, string type = "invoice.paid")
    {
        List<string> ids = new(count);
        foreach (var lot in Enumerable.Range(0, count).Chunk(100))
        {
            var published = await Hub.Get<EventPublisher>().PublishAsync(
                Hub.Actor, [.. lot.Select(number => new NewEvent(type, Encoding.UTF8.GetBytes($$"""{"n":{{number}}}""")))], CancellationToken.None);
            ids.AddRange(published.Select(one => one.Id));
        }

        return ids;
    }

    /// <summary>Publishes, and writes that the deliveries ended so, as if they had been made.</summary>
    public async Task<IReadOnlyList<string>> PublishEndedAsync(int count, DeliveryStatus status, string type = "invoice.paid")
    {
        var ids = await PublishAsync(count, type);
        await using var db = Hub.Open();
        await db.WebhookDeliveries.Where(delivery => delivery.Status == DeliveryStatus.Pending && delivery.EventType == type)
            .ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.Status, status).SetProperty(delivery => delivery.NextAttemptAt, (DateTimeOffset?)null)
                .SetProperty(delivery => delivery.CompletedAt, DateTimeOffset.UnixEpoch).SetProperty(delivery => delivery.Error, status == DeliveryStatus.Discarded ? DeliveryReasons.PublishedWhileOff : "It went wrong."));
        return ids;
    }

    public Task<Guid> StartAsync(string? status = null, int? rate = null, DateTimeOffset? from = null, DateTimeOffset? to = null, params string[] types) => Service.StartAsync(
        Hub.Actor, Endpoint, new ReplayInput { Status = status, RatePerSecond = rate, EventTypes = types, From = from, To = to }, CancellationToken.None);

    public Task<ReplayRow> GetAsync(Guid id) => Hub.Get<ReplayQueries>().GetAsync(Hub.Actor, id, CancellationToken.None);

    /// <summary>Reads a replay again at every change until a condition holds.</summary>
    public async Task<ReplayRow> WaitForAsync(Guid id, Func<ReplayRow, bool> until)
    {
        using var changes = new SignalWaiter(Hub.Get<HubSignals>(), new HubSignal(HubSignalKind.ReplaysChanged, Hub.OrganizationId));
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var row = await GetAsync(id);
            if (until(row))
            {
                return row;
            }

            Assert.True(await changes.WaitAsync(patience.Token), $"Waited in vain; the last was {row}.");
        }
    }

    public Task<ReplayRow> CompletedAsync(Guid id) => WaitForAsync(id, row => row.Status == ReplayStatus.Completed);

    /// <summary>The ids of the events that came, in their order.</summary>
    public async Task<IReadOnlyList<string>> ReceivedAsync(int count) =>
        [.. (await Sandbox.Receiver.WaitForAsync(Name, count, _patience)).Select(request => request.Header("webhook-id")!)];

    public async Task<List<DeliveryRow>> DeliveriesAsync() =>
        [.. (await Hub.Get<DeliveryQueries>().ListAsync(Hub.Actor, new DeliveryFilter(Endpoint), new PageRequest(200), CancellationToken.None)).Rows];

    public Task SwitchAsync(bool on) => Hub.Get<WebhookService>().UpdateAsync(Hub.Actor, Endpoint, new WebhookInput { IsActive = on }, CancellationToken.None);

    public static async Task<Refusal> RefusedAsync(Func<Task> act) => await Assert.ThrowsAsync<Refusal>(act);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
