using System.Text.Json;
using Integrations.Core.Audit;
using Integrations.Core.Events;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>An endpoint that fails is warned about, switched off, and well again.</summary>
public sealed class EndpointHealthTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Five_failures_in_a_row_warn_ten_switch_off_and_what_follows_is_kept(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("bad", "status:503");
        var endpoint = await AddAsync(hub, sandbox);
        await hub.AddEndpointAsync(sandbox, "watcher", "webhook.endpoint.*");
        await hub.StartAsync();

        await FailAsync(hub, endpoint, 4);
        Assert.Equal(0, sandbox.Receiver.Count("watcher"));
        await FailAsync(hub, endpoint, 1);
        var failing = Assert.Single(await sandbox.Receiver.WaitForAsync("watcher", 1, _patience));
        Assert.Equal("webhook.endpoint.failing", failing.Header("X-Webhook-Event"));
        Assert.Equal(5, JsonElement.Parse(failing.Text).GetProperty("data").GetProperty("consecutiveFailures").GetInt32());

        await FailAsync(hub, endpoint, 5);
        var disabled = (await sandbox.Receiver.WaitForAsync("watcher", 2, _patience))[1];
        Assert.Equal("webhook.endpoint.disabled", disabled.Header("X-Webhook-Event"));
        var shown = await hub.Get<WebhookQueries>().GetAsync(hub.Actor, endpoint, CancellationToken.None);
        Assert.False(shown.IsActive);
        Assert.Contains("10 deliveries in a row", shown.DisabledReason, StringComparison.Ordinal);
        Assert.Contains("503", shown.DisabledReason, StringComparison.Ordinal);
        var audit = await hub.Get<AuditQueries>().ListAsync(hub.Actor, new AuditFilter(), new PageRequest(), CancellationToken.None);
        Assert.Contains(audit.Rows, row => row.Action == "webhook.disabled");

        var calls = sandbox.Receiver.Count("bad");
        await hub.PublishAsync(2);
        var rows = await hub.DeliveriesAsync(endpoint, rows => rows.Count == 12);
        Assert.All(rows[10..], row => Assert.Equal((DeliveryStatus.Discarded, 0), (row.Status, row.AttemptCount)));
        Assert.Equal(calls, sandbox.Receiver.Count("bad"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_success_ends_the_row_and_tells_that_it_did(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("bad", "status:503");
        var endpoint = await AddAsync(hub, sandbox);
        await hub.AddEndpointAsync(sandbox, "watcher", "webhook.endpoint.*");
        await hub.StartAsync();
        await FailAsync(hub, endpoint, 6);

        sandbox.Receiver.Behave("bad", "ok");
        await hub.PublishAsync(1);

        var told = await sandbox.Receiver.WaitForAsync("watcher", 2, _patience);
        Assert.Equal(["webhook.endpoint.failing", "webhook.endpoint.recovered"], told.Select(request => request.Header("X-Webhook-Event")));
        sandbox.Receiver.Behave("bad", "status:503");
        await FailAsync(hub, endpoint, 9);
        var shown = await hub.Get<WebhookQueries>().GetAsync(hub.Actor, endpoint, CancellationToken.None);
        Assert.Equal((true, 9), (shown.IsActive, shown.Health.FailedInARow));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_answer_of_410_fails_the_delivery_and_switches_the_endpoint_off_at_once(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("bad", "status:410");
        var endpoint = await hub.AddEndpointAsync(sandbox, "bad", "custom.*");
        await hub.AddEndpointAsync(sandbox, "watcher", "webhook.endpoint.*");
        await hub.StartAsync();
        await hub.PublishAsync(1);

        var row = (await hub.DeliveriesAsync(endpoint, rows => rows[0].Status == DeliveryStatus.Failed))[0];
        var shown = await hub.Get<WebhookQueries>().GetAsync(hub.Actor, endpoint, CancellationToken.None);

        Assert.Equal(1, row.AttemptCount);
        Assert.False(shown.IsActive);
        Assert.Contains("410", shown.DisabledReason, StringComparison.Ordinal);
        var told = Assert.Single(await sandbox.Receiver.WaitForAsync("watcher", 1, _patience));
        Assert.Equal("webhook.endpoint.disabled", told.Header("X-Webhook-Event"));
        Assert.Contains("410", JsonElement.Parse(told.Text).GetProperty("data").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task One_that_was_switched_off_is_told_to_be_well_again_once_it_takes_a_delivery(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("bad", "status:410");
        var endpoint = await AddAsync(hub, sandbox);
        await hub.AddEndpointAsync(sandbox, "watcher", "webhook.endpoint.*");
        await hub.StartAsync();
        await FailAsync(hub, endpoint, 1);
        sandbox.Receiver.Behave("bad", "ok");
        // That a test arrives while it is off does not make it well.
        Assert.Equal(DeliveryStatus.Delivered, (await hub.Get<DeliveryService>().TestAsync(hub.Actor, endpoint, null, CancellationToken.None)).Row.Status);
        await sandbox.Receiver.WaitForAsync("watcher", 1, _patience);
        Assert.Equal(1, sandbox.Receiver.Count("watcher"));

        await hub.Get<WebhookService>().UpdateAsync(hub.Actor, endpoint, new WebhookInput { IsActive = true }, CancellationToken.None);
        await hub.PublishAsync(1);
        await hub.DeliveriesAsync(endpoint, rows => rows[^1].Status == DeliveryStatus.Delivered);
        await hub.PublishAsync(1);
        await hub.DeliveriesAsync(endpoint, rows => rows.Count == 4 && rows[^1].Status == DeliveryStatus.Delivered);

        var told = await sandbox.Receiver.WaitForAsync("watcher", 2, _patience);
        Assert.Equal(["webhook.endpoint.disabled", "webhook.endpoint.recovered"], told.Select(request => request.Header("X-Webhook-Event")));
    }

    [Fact]
    public async Task Tests_that_fail_do_not_count_and_switching_on_begins_anew()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        sandbox.Receiver.Behave("bad", "status:410");
        var endpoint = await AddAsync(hub, sandbox);
        await hub.StartAsync();
        var test = await hub.Get<DeliveryService>().TestAsync(hub.Actor, endpoint, null, CancellationToken.None);
        Assert.Equal(DeliveryStatus.Failed, test.Row.Status);
        sandbox.Receiver.Behave("bad", "status:500");
        await FailAsync(hub, endpoint, 9);

        await hub.Get<WebhookService>().UpdateAsync(hub.Actor, endpoint, new WebhookInput { IsActive = false }, CancellationToken.None);
        await hub.Get<WebhookService>().UpdateAsync(hub.Actor, endpoint, new WebhookInput { IsActive = true }, CancellationToken.None);
        await FailAsync(hub, endpoint, 1);

        var shown = await hub.Get<WebhookQueries>().GetAsync(hub.Actor, endpoint, CancellationToken.None);
        Assert.Equal((true, 1), (shown.IsActive, shown.Health.FailedInARow));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_test_passes_by_everything_that_waits(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("slow", "slow:100");
        var endpoint = await hub.AddEndpointAsync(sandbox, "slow", new WebhookInput { Events = ["custom.*"], MaxInFlight = 1 });
        await hub.PublishAsync(200);
        await hub.StartAsync();
        await sandbox.Receiver.WaitForAsync("slow", 2, _patience);

        var test = await hub.Get<DeliveryService>().TestAsync(hub.Actor, endpoint, null, CancellationToken.None);

        Assert.Equal(DeliveryStatus.Delivered, test.Row.Status);
        Assert.InRange(sandbox.Receiver.Count("slow"), 3, 60);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_counted_for_the_charts_is_what_was_tried(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        sandbox.Receiver.Behave("bad", "sequence:500,ok");
        var endpoint = await AddAsync(hub, sandbox);
        await hub.StartAsync();
        await hub.PublishAsync(20);
        await hub.DeliveriesAsync(endpoint, rows => rows.Count == 20 && rows.All(row => row.CompletedAt is not null));
        await hub.RestartAsync();

        var chart = await hub.Get<WebhookCharts>().LastDayAsync(hub.Actor, endpoint, CancellationToken.None);

        Assert.Equal((1, 19), (chart.Points.Sum(point => point.Failed), chart.Points.Sum(point => point.Delivered)));
        Assert.Equal(0.95, chart.SuccessRate!.Value, 3);
        Assert.NotNull(chart.P95Milliseconds);
    }

    private static Task<Guid> AddAsync(TestHub hub, SandboxHost sandbox) =>
        hub.AddEndpointAsync(sandbox, "bad", new WebhookInput { Events = ["custom.*"], Retry = new RetryInput(Delays: []) });

    // One after the other, so that each is counted before the next.
    private static async Task FailAsync(TestHub hub, Guid endpoint, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await hub.PublishAsync(1);
            await hub.DeliveriesAsync(endpoint, rows => rows.All(row => row.CompletedAt is not null));
        }
    }
}
