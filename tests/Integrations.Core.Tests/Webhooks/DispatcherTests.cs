using System.Text;
using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Core.Webhooks.Delivery;
using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Webhooks;

public sealed class DispatcherTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_reaches_every_endpoint_that_wants_it_signed_both_ways(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        await hub.AddEndpointAsync(sandbox, "all", "*");
        await hub.AddEndpointAsync(sandbox, "family", "invoice.*");
        await hub.AddEndpointAsync(sandbox, "other", "contact.created");
        await hub.StartAsync();

        var published = await PublishAsync(hub, "invoice.paid");

        Assert.Equal(2, published.Deliveries);
        foreach (var name in new[] { "all", "family" })
        {
            var request = (await sandbox.Receiver.WaitForAsync(name, 1, _patience))[0];
            Assert.True(request.HexValid);
            Assert.True(request.StandardValid);
            Assert.Equal(published.Id, request.Header("webhook-id"));
            Assert.Equal("invoice.paid", request.Header("X-Webhook-Event"));
            Assert.Equal("application/json", request.Header("Content-Type"));
        }

        Assert.Equal(0, sandbox.Receiver.Count("other"));
    }

    [Fact]
    public async Task A_failing_endpoint_is_tried_by_its_plan_and_every_try_is_recorded()
    {
        FakeClock clock = new();
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(time: clock);
        sandbox.Receiver.Behave("a", "status:503");
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.StartAsync();
        await PublishAsync(hub, "invoice.paid");

        // Time moves on until the plan is used up; the recorded starts tell how long it waited.
        DeliveryRow row;
        while ((row = await DeliveryAsync(hub, endpoint, _ => true)).Status != DeliveryStatus.Failed)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        var detail = await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, row.Id, CancellationToken.None);
        Assert.Null(detail.Row.NextAttemptAt);
        Assert.Equal([1, 2, 3, 4, 5], detail.Attempts.Select(attempt => attempt.Number));
        Assert.All(detail.Attempts, attempt => Assert.Equal(503, attempt.ResponseStatus));
        Assert.All(
            detail.Attempts.Zip(detail.Attempts.Skip(1), WebhookOptions.StandardRetryDelays),
            step => Assert.InRange((step.Second.StartedAt - step.First.StartedAt).TotalSeconds, step.Third, (step.Third * 1.1) + 5));
        Assert.Single((await sandbox.Receiver.WaitForAsync("a", 5, _patience)).Select(request => request.Header("webhook-id")).Distinct());
    }

    [Theory]
    [InlineData("reset", AttemptOutcome.ConnectionLost)]
    [InlineData("redirect:http://127.0.0.1:1/", AttemptOutcome.Redirected)]
    [InlineData("status:404", AttemptOutcome.RefusedByStatus)]
    [InlineData("hang", AttemptOutcome.TimedOut)]
    [InlineData("drip", AttemptOutcome.TimedOut)]
    public async Task What_an_endpoint_does_wrong_is_recorded_as_what_it_was(string behaviour, AttemptOutcome outcome)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        sandbox.Receiver.Behave("a", behaviour);
        var created = await hub.Get<WebhookService>().CreateAsync(
            hub.Actor, new WebhookInput { Url = sandbox.ReceiveUrl("a"), Events = ["*"], TimeoutSeconds = 1 }, CancellationToken.None);
        await hub.StartAsync();
        await PublishAsync(hub, "invoice.paid");

        var row = await DeliveryAsync(hub, created.Id, delivery => delivery.AttemptCount >= 1);
        var attempt = (await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, row.Id, CancellationToken.None)).Attempts[0];

        Assert.Equal(outcome, attempt.Outcome);
        Assert.NotNull(attempt.Error);
    }

    [Theory]
    [InlineData("huge")]
    [InlineData("gzip-bomb")]
    public async Task A_large_answer_is_cut_and_the_delivery_counts(string behaviour)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        sandbox.Receiver.Behave("a", behaviour);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.StartAsync();
        await PublishAsync(hub, "invoice.paid");

        var row = await DeliveryAsync(hub, endpoint, delivery => delivery.Status == DeliveryStatus.Delivered);
        var attempt = (await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, row.Id, CancellationToken.None)).Attempts[0];

        Assert.True(attempt.ResponseBodyCut);
        Assert.Equal(WebhookAttempt.MaxResponseBody, attempt.ResponseBody!.Length);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_hanging_endpoint_holds_up_no_other(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider, settings: new Dictionary<string, string?> { ["Webhooks:MaxInFlight"] = "40" });
        sandbox.Receiver.Behave("dead", "hang");
        await hub.AddEndpointAsync(sandbox, "dead", "*");
        await hub.AddEndpointAsync(sandbox, "well", "*");
        await hub.StartAsync();

        for (var i = 0; i < 3; i++)
        {
            await hub.Get<EventPublisher>().PublishAsync(
                hub.Actor, [.. Enumerable.Range(0, 100).Select(_ => new NewEvent("invoice.paid", "{}"u8.ToArray()))], CancellationToken.None);
        }

        // The hanging one takes its ten seconds a try; the other has its 300 long before.
        Assert.Equal(300, (await sandbox.Receiver.WaitForAsync("well", 300, TimeSpan.FromSeconds(9))).Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Deliveries_survive_a_restart(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        await hub.AddEndpointAsync(sandbox, "a", "*");
        await PublishAsync(hub, "invoice.paid");

        await hub.RestartAsync();
        await hub.StartAsync();

        Assert.Single(await sandbox.Receiver.WaitForAsync("a", 1, _patience));
    }

    [Fact]
    public async Task What_waits_for_an_endpoint_that_is_switched_off_is_discarded_with_the_reason()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await PublishAsync(hub, "invoice.paid");
        await hub.Get<WebhookService>().UpdateAsync(hub.Actor, endpoint, new WebhookInput { IsActive = false }, CancellationToken.None);
        await hub.StartAsync();

        var row = await DeliveryAsync(hub, endpoint, delivery => delivery.Status == DeliveryStatus.Discarded);

        Assert.Contains("switched off", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await PublishAsync(hub, "invoice.paid")).Deliveries);
        Assert.Equal(0, sandbox.Receiver.Count("a"));
    }

    [Fact]
    public async Task An_endpoint_whose_secret_does_not_open_stops_no_other()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        var broken = await hub.AddEndpointAsync(sandbox, "broken", "*");
        await hub.AddEndpointAsync(sandbox, "well", "*");
        await using (var db = hub.Open())
        {
            (await db.WebhookEndpoints.FindAsync(broken))!.Secret = [1, 2, 3];
            await db.SaveChangesAsync();
        }

        await hub.StartAsync();
        await PublishAsync(hub, "invoice.paid");

        Assert.Single(await sandbox.Receiver.WaitForAsync("well", 1, _patience));
        var row = await DeliveryAsync(hub, broken, delivery => delivery.Status == DeliveryStatus.Discarded);
        Assert.Contains("cannot be opened", row.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Get<WebhookQueries>().ListAsync(hub.Actor, new PageRequest(), CancellationToken.None)).Rows.Count);
    }

    [Fact]
    public async Task What_a_node_holds_is_not_sent_once_the_endpoint_is_off()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync();
        sandbox.Receiver.Behave("a", "slow:300");
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await hub.StartAsync();
        await hub.Get<EventPublisher>().PublishAsync(hub.Actor, [.. Enumerable.Range(0, 100).Select(_ => new NewEvent("invoice.paid", "{}"u8.ToArray()))], CancellationToken.None);
        await sandbox.Receiver.WaitForAsync("a", 1, _patience);

        await hub.Get<WebhookService>().UpdateAsync(hub.Actor, endpoint, new WebhookInput { IsActive = false }, CancellationToken.None);
        var waiting = await hub.WaitForAsync(
            async () =>
            {
                await using var db = hub.Open();
                return db.WebhookDeliveries.Count(delivery => delivery.NextAttemptAt != null);
            },
            count => count == 0);

        Assert.Equal(0, waiting);
        // What was on the wire at the switch, and at most one more round.
        Assert.InRange(sandbox.Receiver.Count("a"), 1, 30);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_delivery_whose_event_is_gone_ends_with_the_reason(DatabaseProvider provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var hub = await TestHub.CreateAsync(provider);
        var endpoint = await hub.AddEndpointAsync(sandbox, "a", "*");
        await PublishAsync(hub, "invoice.paid");
        await using (var db = hub.Open())
        {
            db.Events.RemoveRange(db.Events);
            await db.SaveChangesAsync();
        }

        await hub.StartAsync();
        var row = await DeliveryAsync(hub, endpoint, delivery => delivery.Status == DeliveryStatus.Discarded);

        Assert.Contains("no longer kept", row.Error, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<Refusal>(() => hub.Get<DeliveryService>().RetryAsync(hub.Actor, endpoint, row.Id, CancellationToken.None));
        Assert.Equal(RefusalKind.Unprocessable, refusal.Kind);
    }

    [Fact]
    public async Task The_hubs_own_id_given_back_is_the_same_event()
    {
        await using var hub = await TestHub.CreateAsync();
        var published = await PublishAsync(hub, "invoice.paid");
        var again = new NewEvent("invoice.paid", Encoding.UTF8.GetBytes("""{"invoiceId":"invoice-123"}"""), published.Id);

        var second = (await hub.Get<EventPublisher>().PublishAsync(hub.Actor, [again], CancellationToken.None))[0];
        var refusal = await Assert.ThrowsAsync<Refusal>(() => hub.Get<EventPublisher>().PublishAsync(hub.Actor, [again with { Type = "invoice.sent" }], CancellationToken.None));

        Assert.True(second.IsDuplicate);
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
    }

    [Fact]
    public async Task A_name_that_leads_inside_at_the_connection_is_refused_there()
    {
        await using var hub = await TestHub.CreateAsync(
            settings: new Dictionary<string, string?> { ["Security:AllowedNetworks:0"] = null },
            configure: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<INameResolver, RebindingResolver>(services));
        var created = await hub.Get<WebhookService>().CreateAsync(hub.Actor, new WebhookInput { Url = "https://rebinding.test/hook", Events = ["*"] }, CancellationToken.None);
        await hub.StartAsync();
        await PublishAsync(hub, "invoice.paid");

        var row = await DeliveryAsync(hub, created.Id, delivery => delivery.AttemptCount >= 1);
        var attempt = (await hub.Get<DeliveryQueries>().GetAsync(hub.Actor, row.Id, CancellationToken.None)).Attempts[0];

        Assert.Equal(AttemptOutcome.AddressRefused, attempt.Outcome);
        Assert.Contains("10.0.0.1", attempt.Error, StringComparison.Ordinal);
    }

    private static async Task<PublishedEvent> PublishAsync(TestHub hub, string type) =>
        (await hub.Get<EventPublisher>().PublishAsync(hub.Actor, [new NewEvent(type, Encoding.UTF8.GetBytes("""{"invoiceId":"invoice-123"}"""))], CancellationToken.None))[0];

    private static Task<DeliveryRow> DeliveryAsync(TestHub hub, Guid endpoint, Func<DeliveryRow, bool> until) => hub.WaitForAsync(
        async () => (await hub.Get<DeliveryQueries>().ListAsync(hub.Actor, new DeliveryFilter(endpoint), new PageRequest(), CancellationToken.None)).Rows[0], until);

    // Public when it is saved, private when it is called.
    private sealed class RebindingResolver : INameResolver
    {
        private int _calls;

        public Task<System.Net.IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Parse(Interlocked.Increment(ref _calls) == 1 ? "8.8.8.8" : "10.0.0.1")]);
    }
}
