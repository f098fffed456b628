using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>What a replay sends again, and what it leaves alone.</summary>
public sealed class ReplayTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Failed_deliveries_go_again_once_the_receiver_is_mended(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider, behaviour: "status:503");
        await world.Hub.StartAsync();
        var ids = await world.PublishAsync(3);
        await world.Hub.WaitForAsync(world.DeliveriesAsync, rows => rows.TrueForAll(row => row.Status == DeliveryStatus.Failed));
        world.Sandbox.Receiver.Behave(ReplayWorld.Name, "ok");
        world.Sandbox.Receiver.Clear(ReplayWorld.Name);
        await world.PublishAsync(1, "contact.created");
        await world.Hub.WaitForAsync(world.DeliveriesAsync, rows => rows.Exists(row => row.Status == DeliveryStatus.Delivered));

        var row = await world.CompletedAsync(await world.StartAsync("failed"));

        Assert.Equal((3, 3, 3, 0, 0), (row.Total, row.Queued, row.Delivered, row.Failed, row.Waiting));
        Assert.NotNull(row.CompletedAt);
        Assert.Equal(ids, (await world.ReceivedAsync(4)).Skip(1).Order(StringComparer.Ordinal));
        var replayed = (await world.DeliveriesAsync()).FindAll(delivery => delivery.Trigger == DeliveryTrigger.Replay);
        Assert.Equal(3, replayed.Count);
        Assert.All(replayed, delivery => Assert.Equal((DeliveryStatus.Delivered, 2), (delivery.Status, delivery.AttemptCount)));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_a_status_all_that_have_ended_go_again_in_the_order_of_their_making_and_tests_do_not(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        var delivered = await world.PublishEndedAsync(2, DeliveryStatus.Delivered);
        var failed = await world.PublishEndedAsync(2, DeliveryStatus.Failed);
        await using (var db = world.Hub.Open())
        {
            await db.WebhookDeliveries.Where(row => row.Status == DeliveryStatus.Delivered).OrderBy(row => row.Id).Take(1)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Trigger, DeliveryTrigger.Test));
        }

        var id = await world.StartAsync();
        await world.Hub.StartAsync();

        Assert.Equal(3, (await world.CompletedAsync(id)).Delivered);
        Assert.Equal([delivered[1], .. failed], (await world.ReceivedAsync(3)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Only_those_with_the_status_go_again(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        var failed = await world.PublishEndedAsync(1, DeliveryStatus.Failed);
        var delivered = await world.PublishEndedAsync(1, DeliveryStatus.Delivered);
        var discarded = await world.PublishEndedAsync(1, DeliveryStatus.Discarded);
        await world.Hub.StartAsync();

        Assert.Equal(1, (await world.CompletedAsync(await world.StartAsync("success"))).Queued);
        Assert.Equal(delivered, await world.ReceivedAsync(1));
        Assert.Equal(1, (await world.CompletedAsync(await world.StartAsync("discarded"))).Queued);
        Assert.Equal([.. delivered, .. discarded], await world.ReceivedAsync(2));
        Assert.Equal(1, (await world.CompletedAsync(await world.StartAsync("failed"))).Queued);
        Assert.Equal(failed, (await world.ReceivedAsync(3)).Skip(2));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_kept_while_the_endpoint_was_off_goes_again_and_not_what_somebody_skipped(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        await world.PublishAsync(1);
        await world.Hub.Get<DeliveryService>().SkipAsync(world.Hub.Actor, world.Endpoint, (await world.DeliveriesAsync())[0].Id, CancellationToken.None);
        await world.SwitchAsync(false);
        var published = await world.PublishAsync(2);
        await world.SwitchAsync(true);
        var health = (await world.Hub.Get<WebhookQueries>().GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None)).Health;
        await world.Hub.StartAsync();

        var row = await world.CompletedAsync(await world.StartAsync("kept"));

        Assert.Equal((2, ReplayTarget.Kept, 2, 2), (health.Kept, row.Target, row.Total, row.Queued));
        Assert.Equal(published, (await world.ReceivedAsync(2)).Order(StringComparer.Ordinal));
        Assert.Equal(0, (await world.GetAsync(await world.StartAsync("kept"))).Total);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Types_and_times_narrow_a_replay(DatabaseProvider provider)
    {
        FakeClock clock = new(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var world = await ReplayWorld.CreateAsync(provider, clock);
        await world.PublishEndedAsync(1, DeliveryStatus.Failed);
        clock.Advance(TimeSpan.FromHours(1));
        var from = clock.GetUtcNow();
        var wanted = await world.PublishEndedAsync(1, DeliveryStatus.Failed, "custom.wanted");
        await world.PublishEndedAsync(1, DeliveryStatus.Failed, "contact.created");
        clock.Advance(TimeSpan.FromHours(1));
        var to = clock.GetUtcNow();
        await world.PublishEndedAsync(1, DeliveryStatus.Failed, "custom.wanted");

        var count = await world.Hub.Get<ReplayQueries>().CountAsync(
            world.Hub.Actor, world.Endpoint, new ReplayInput { From = from, To = to, EventTypes = ["custom.*"] }, CancellationToken.None);
        var id = await world.StartAsync("failed", null, from, to, "custom.*", "invoice.paid");
        await world.Hub.StartAsync();

        Assert.Equal(new ReplayCount(1, true), count);
        Assert.Equal(1, (await world.CompletedAsync(id)).Queued);
        Assert.Equal(wanted, await world.ReceivedAsync(1));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Missed_events_are_delivered_once_and_only_those_that_the_endpoint_wants(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider, null, "ok", "invoice.paid");
        await world.PublishEndedAsync(1, DeliveryStatus.Delivered);
        var missed = await world.PublishAsync(3, "custom.wanted");
        await world.PublishAsync(1, "contact.created");
        await world.Hub.Get<WebhookService>().UpdateAsync(world.Hub.Actor, world.Endpoint, new WebhookInput { Events = ["invoice.paid", "custom.*"] }, CancellationToken.None);
        await world.Hub.StartAsync();

        var row = await world.CompletedAsync(await world.StartAsync("missing"));

        Assert.Equal((3, 3, 3), (row.Total, row.Queued, row.Delivered));
        Assert.Equal(missed, (await world.ReceivedAsync(3)).Order(StringComparer.Ordinal));
        var again = await world.GetAsync(await world.StartAsync("missing"));
        Assert.Equal((ReplayStatus.Completed, 0), (again.Status, again.Total));
    }

    [Fact]
    public async Task The_event_of_a_test_is_missed_by_nobody()
    {
        await using var world = await ReplayWorld.CreateAsync(DatabaseProvider.Sqlite);
        await world.Hub.StartAsync();
        var other = await world.Hub.AddEndpointAsync(world.Sandbox, "other", "*");
        await world.Hub.Get<DeliveryService>().TestAsync(world.Hub.Actor, other, null, CancellationToken.None);

        Assert.Equal(0, (await world.GetAsync(await world.StartAsync("missing"))).Total);
        Assert.Equal(0, world.Sandbox.Receiver.Count(ReplayWorld.Name));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_waits_and_what_has_no_event_any_more_is_left_alone(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        var gone = await world.PublishEndedAsync(1, DeliveryStatus.Failed);
        var kept = await world.PublishEndedAsync(1, DeliveryStatus.Discarded, "custom.kept");
        await world.PublishAsync(1, "contact.created");
        await using (var db = world.Hub.Open())
        {
            Assert.True(PublicId.TryParse(PublicId.Event, gone[0], out var eventId));
            await db.Events.Where(row => row.Id == eventId).ExecuteDeleteAsync();
            // As if it were due far in the future.
            await db.WebhookDeliveries.Where(row => row.Status == DeliveryStatus.Pending)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow.AddHours(1)));
        }

        Assert.Equal(1, (await world.Hub.Get<WebhookQueries>().GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None)).Health.Kept);
        var id = await world.StartAsync();
        await world.Hub.StartAsync();

        Assert.Equal(1, (await world.CompletedAsync(id)).Queued);
        Assert.Equal(kept, await world.ReceivedAsync(1));
        Assert.Equal(0, (await world.Hub.Get<WebhookQueries>().GetAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None)).Health.Kept);
    }

    [Fact]
    public async Task A_replay_that_matches_nothing_is_completed_at_once()
    {
        await using var world = await ReplayWorld.CreateAsync(DatabaseProvider.Sqlite);

        var row = await world.GetAsync(await world.StartAsync("failed"));

        Assert.Equal((ReplayStatus.Completed, 0), (row.Status, row.Total));
        Assert.Equal(row.CreatedAt, row.CompletedAt);
    }

    [Fact]
    public async Task What_is_malformed_is_told_by_field()
    {
        await using var world = await ReplayWorld.CreateAsync(DatabaseProvider.Sqlite);
        var now = DateTimeOffset.UtcNow;

        async Task<string?> FieldAsync(ReplayInput input) =>
            (await ReplayWorld.RefusedAsync(() => world.Service.StartAsync(world.Hub.Actor, world.Endpoint, input, CancellationToken.None))).Faults.Single().Field;

        Assert.Equal("from", await FieldAsync(new ReplayInput { From = now, To = now.AddHours(-1) }));
        Assert.Equal("from", await FieldAsync(new ReplayInput { From = now.AddDays(1), To = now.AddDays(2) }));
        Assert.Equal("status", await FieldAsync(new ReplayInput { Status = "pending" }));
        Assert.Equal("ratePerSecond", await FieldAsync(new ReplayInput { RatePerSecond = 0 }));
        Assert.Equal("eventTypes[1]", await FieldAsync(new ReplayInput { EventTypes = ["invoice.paid", "No type"] }));
        Assert.Equal("eventTypes[0]", await FieldAsync(new ReplayInput { EventTypes = ["never.heard"] }));
    }
}
