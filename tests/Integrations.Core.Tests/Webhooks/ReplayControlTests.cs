using Integrations.Core.Audit;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Webhooks;

/// <summary>How a replay is held to its rate, paused, resumed and cancelled.</summary>
public sealed class ReplayControlTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Fact]
    public async Task No_more_are_sent_a_second_than_its_rate_allows()
    {
        // Ids follow each other within a minute, so a minute that no other test uses.
        FakeClock clock = new(new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var world = await ReplayWorld.CreateAsync(DatabaseProvider.Sqlite, clock);
        await world.PublishEndedAsync(30, DeliveryStatus.Failed);
        var id = await world.StartAsync("failed", rate: 10);
        var start = clock.GetUtcNow();
        await world.Hub.StartAsync();

        // Time stands still until what is due has gone, so that each passing tenth of a second is seen.
        var row = await world.GetAsync(id);
        while (row.Status != ReplayStatus.Completed)
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
            row = await world.GetAsync(id);
            Assert.True(row.Queued <= ((clock.GetUtcNow() - start).TotalSeconds * 10) + 1, $"{row.Queued} after {clock.GetUtcNow() - start}");
        }

        Assert.Equal(30, row.Delivered);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task While_paused_nothing_more_is_queued_and_resuming_goes_on_where_it_was(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider, null, "ok", "invoice.paid");
        var ids = await world.PublishEndedAsync(60, DeliveryStatus.Failed);
        await world.Hub.StartAsync();
        var id = await world.StartAsync("failed", rate: 20);
        await world.WaitForAsync(id, row => row.Queued >= 4);

        await world.Service.PauseAsync(world.Hub.Actor, id, CancellationToken.None);
        await world.Service.PauseAsync(world.Hub.Actor, id, CancellationToken.None);

        var paused = await world.GetAsync(id);
        Assert.Equal((ReplayStatus.Paused, null), (paused.Status, paused.StatusReason));
        Assert.InRange(paused.Queued, 4, 59);
        await world.ReceivedAsync(paused.Queued);
        // Another endpoint's replay goes on to its end meanwhile, and this one stands where it was.
        var other = await world.Hub.AddEndpointAsync(world.Sandbox, "other", "contact.created");
        await world.PublishEndedAsync(1, DeliveryStatus.Failed, "contact.created");
        await world.CompletedAsync(await world.Service.StartAsync(world.Hub.Actor, other, new ReplayInput(), CancellationToken.None));
        Assert.Equal(paused.Queued, (await world.GetAsync(id)).Queued);

        await world.Service.ResumeAsync(world.Hub.Actor, id, CancellationToken.None);
        await world.Service.ResumeAsync(world.Hub.Actor, id, CancellationToken.None);
        Assert.Equal(60, (await world.CompletedAsync(id)).Delivered);
        Assert.Equal(ids, (await world.ReceivedAsync(60)).Order(StringComparer.Ordinal));
        Assert.Equal("The replay is completed.", (await ReplayWorld.RefusedAsync(() => world.Service.PauseAsync(world.Hub.Actor, id, CancellationToken.None))).Message);
        Assert.Equal(
            ["replay.resumed", "replay.started", "replay.paused", "replay.started"],
            (await world.Hub.Get<AuditQueries>().ListAsync(world.Hub.Actor, new AuditFilter(), new PageRequest(), CancellationToken.None)).Rows
                .Select(entry => entry.Action).Where(action => action.StartsWith("replay.", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_cancelled_replay_discards_what_was_not_begun_and_leaves_the_rest_as_it_was(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider, behaviour: "hang");
        await world.PublishEndedAsync(1_100, DeliveryStatus.Failed);
        await world.Hub.StartAsync();
        var id = await world.StartAsync("failed");
        // Nothing is answered, so the replay fills the queue as far as it may and no further.
        await world.WaitForAsync(id, row => row.Queued == 1_000);
        await world.Sandbox.Receiver.WaitForAsync(ReplayWorld.Name, 1, TimeSpan.FromSeconds(30));

        await world.Service.CancelAsync(world.Hub.Actor, id, CancellationToken.None);
        await world.Service.CancelAsync(world.Hub.Actor, id, CancellationToken.None);

        var row = await world.GetAsync(id);
        Assert.Equal((ReplayStatus.Cancelled, 1_000), (row.Status, row.Queued));
        Assert.NotNull(row.CompletedAt);
        await using var db = world.Hub.Open();
        Assert.Equal(100, await db.WebhookDeliveries.CountAsync(delivery => delivery.ReplayId == null && delivery.Status == DeliveryStatus.Failed));
        var discarded = await db.WebhookDeliveries.Where(delivery => delivery.Status == DeliveryStatus.Discarded).ToListAsync();
        Assert.InRange(discarded.Count, 800, 999);
        Assert.All(discarded, delivery => Assert.Equal(("The replay was cancelled.", null), (delivery.Error, delivery.NextAttemptAt)));
        Assert.Equal("The replay is cancelled.", (await ReplayWorld.RefusedAsync(() => world.Service.ResumeAsync(world.Hub.Actor, id, CancellationToken.None))).Message);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_endpoint_that_is_switched_off_pauses_its_replay_and_resuming_sends_what_was_discarded(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        var ids = await world.PublishEndedAsync(40, DeliveryStatus.Failed);
        await world.Hub.StartAsync();
        var id = await world.StartAsync("failed", rate: 20);
        await world.WaitForAsync(id, row => row.Queued >= 2);
        await world.SwitchAsync(on: false);

        var paused = await world.WaitForAsync(id, row => row.Status == ReplayStatus.Paused);
        Assert.Equal("The endpoint is switched off. Switch it on, then resume the replay.", paused.StatusReason);
        Assert.Equal(RefusalKind.Unprocessable, (await ReplayWorld.RefusedAsync(() => world.Service.ResumeAsync(world.Hub.Actor, id, CancellationToken.None))).Kind);

        await world.SwitchAsync(on: true);
        await world.Service.ResumeAsync(world.Hub.Actor, id, CancellationToken.None);
        Assert.Equal(40, (await world.CompletedAsync(id)).Delivered);
        Assert.Equal(ids, (await world.ReceivedAsync(40)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_resumed_replay_takes_up_again_goes_at_its_rate_too()
    {
        FakeClock clock = new(new DateTimeOffset(2021, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await using var world = await ReplayWorld.CreateAsync(DatabaseProvider.Sqlite, clock);
        await world.PublishEndedAsync(30, DeliveryStatus.Failed);
        var id = await world.StartAsync("failed", rate: 10);
        await world.Service.PauseAsync(world.Hub.Actor, id, CancellationToken.None);
        await using (var db = world.Hub.Open())
        {
            await db.WebhookDeliveries.ExecuteUpdateAsync(set => set
                .SetProperty(row => row.ReplayId, id).SetProperty(row => row.Status, DeliveryStatus.Discarded).SetProperty(row => row.Error, DeliveryReasons.SwitchedOff));
        }

        await world.Service.ResumeAsync(world.Hub.Actor, id, CancellationToken.None);
        var start = clock.GetUtcNow();
        await world.Hub.StartAsync();

        var row = await world.GetAsync(id);
        while (row.Status != ReplayStatus.Completed)
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
            row = await world.GetAsync(id);
            Assert.True(row.Waiting + row.Delivered <= ((clock.GetUtcNow() - start).TotalSeconds * 10) + 1, $"{row} after {clock.GetUtcNow() - start}");
        }

        Assert.Equal(30, row.Delivered);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_deleted_endpoint_cancels_its_replay(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        await world.PublishEndedAsync(40, DeliveryStatus.Failed);
        await world.Hub.StartAsync();
        var id = await world.StartAsync("failed", rate: 10);
        await world.Hub.Get<WebhookService>().DeleteAsync(world.Hub.Actor, world.Endpoint, CancellationToken.None);

        var row = await world.WaitForAsync(id, row => row.Status == ReplayStatus.Cancelled);

        Assert.Equal("The endpoint was deleted.", row.StatusReason);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_endpoint_has_one_replay_at_a_time(DatabaseProvider provider)
    {
        await using var world = await ReplayWorld.CreateAsync(provider);
        await world.PublishEndedAsync(2, DeliveryStatus.Failed);

        var started = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync()));

        var id = Assert.Single(started, start => start.Refusal is null).Id;
        Assert.All(started.Where(start => start.Refusal is not null), start =>
        {
            Assert.Equal(RefusalKind.Conflict, start.Refusal!.Kind);
            Assert.Contains(PublicId.Format(PublicId.Replay, id), start.Refusal.Message, StringComparison.Ordinal);
        });
        await world.Service.CancelAsync(world.Hub.Actor, id, CancellationToken.None);
        await world.SwitchAsync(on: false);
        Assert.Equal(RefusalKind.Unprocessable, (await ReplayWorld.RefusedAsync(() => world.StartAsync("failed"))).Kind);

        async Task<(Guid Id, Refusal? Refusal)> StartAsync()
        {
            try
            {
                return (await world.StartAsync("failed"), null);
            }
            catch (Refusal refusal)
            {
                return (Guid.Empty, refusal);
            }
        }
    }
}
