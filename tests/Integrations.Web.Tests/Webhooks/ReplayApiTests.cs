using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>Replays over REST, to a real receiver.</summary>
public sealed class ReplayApiTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_replay_is_accepted_runs_and_tells_how_far_it_is(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var webhook = await FailedAsync(world);
        world.Receiver.Behave(WebhookWorld.Name, "ok");
        var count = await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay/count", new { status = "failed" });
        Assert.Equal((200, 1, true), (count.Status, count["count"].GetInt32(), count["isWhole"].GetBoolean()));
        Assert.Equal(0, (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay/count", new { status = "delivered", from = "2020-01-01T00:00:00Z" }))["count"].GetInt32());
        ProblemAssert.IsFault(await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay/count", new { status = "lost" }), "status");

        var started = await world.Client.PostApiAsync($"/api/integrations/webhooks/{webhook}/replay", new { status = "failed", eventTypes = (string[])["invoice.*"], ratePerSecond = 100 });

        Assert.Equal(202, started.Status);
        var id = started.String("replay.id");
        Assert.Equal($"/api/replays/{id}", started.Headers.Location?.OriginalString);
        Assert.Equal(
            ["id", "webhookId", "status", "statusReason", "from", "to", "deliveryStatus", "eventTypes", "ratePerSecond", "total", "queued", "waiting", "delivered", "failed", "discarded",
                "remainingSeconds", "createdBy", "createdAt", "completedAt"],
            started["replay"].EnumerateObject().Select(member => member.Name));
        Assert.Equal((webhook, "failed", 100, 1), (
            started.String("replay.webhookId"), started.String("replay.deliveryStatus"), started["replay.ratePerSecond"].GetInt32(), started["replay.total"].GetInt32()));
        var ended = await EndedAsync(world, database, id);
        Assert.Equal((1, 1, 0), (ended["replay.queued"].GetInt32(), ended["replay.delivered"].GetInt32(), ended["replay.waiting"].GetInt32()));
        Assert.NotEmpty(ended.String("replay.completedAt"));
        Assert.Equal("replay", (await world.DeliveryAsync(webhook, "delivered")).String("delivery.trigger"));
        Assert.Equal([id], (await world.Client.GetApiAsync($"/api/webhooks/{webhook}/replays"))["replays"].EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        Assert.Equal("replay.started", (await world.Client.GetApiAsync("/api/audit?action=replay"))["entries"][0].GetProperty("action").GetString());
        ProblemAssert.IsProblem(await world.Client.PostApiAsync($"/api/replays/{id}/pause"), 409, "pause");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_replay_is_paused_resumed_and_cancelled_and_is_alone_while_it_lasts(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "status:500");
        var webhook = await FailedAsync(world);
        await world.PublishAsync();
        await world.DeliveryAsync(webhook, "failed");
        // One a second, so that the second one is still to come.
        var id = (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { ratePerSecond = 1, from = "2020-01-01T00:00:00Z" })).String("replay.id");

        var second = await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { });
        ProblemAssert.IsProblem(second, 409, "second");
        Assert.Contains(id, second.Error, StringComparison.Ordinal);
        Assert.Equal("paused", (await world.Client.PostApiAsync($"/api/replays/{id}/pause")).String("replay.status"));
        Assert.Equal("paused", (await world.Client.PostApiAsync($"/api/replays/{id}/pause")).String("replay.status"));
        ProblemAssert.IsProblem(await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { }), 409, "while paused");
        Assert.Equal("running", (await world.Client.PostApiAsync($"/api/replays/{id}/resume")).String("replay.status"));
        Assert.Equal("cancelled", (await world.Client.PostApiAsync($"/api/replays/{id}/cancel")).String("replay.status"));
        Assert.Equal("cancelled", (await world.Client.PostApiAsync($"/api/replays/{id}/cancel")).String("replay.status"));
        ProblemAssert.IsProblem(await world.Client.PostApiAsync($"/api/replays/{id}/resume"), 409, "resume");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_kept_is_told_and_can_be_replayed_once_the_endpoint_is_on(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var webhook = (await world.CreateAsync()).String("webhook.id");
        await world.Client.PatchApiAsync($"/api/webhooks/{webhook}", new { isActive = false });
        await world.PublishAsync();
        ProblemAssert.IsProblem(await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { status = "discarded" }), 422, "off");
        Assert.Equal(1, (await world.Client.PatchApiAsync($"/api/webhooks/{webhook}", new { isActive = true }))["webhook.health.kept"].GetInt32());
        var id = (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { status = "discarded" })).String("replay.id");

        Assert.Equal(1, (await EndedAsync(world, database, id))["replay.delivered"].GetInt32());
        Assert.Equal(1, world.Receiver.Count(WebhookWorld.Name));
        Assert.Equal(0, (await world.Client.GetApiAsync($"/api/webhooks/{webhook}"))["webhook.health.kept"].GetInt32());
    }

    [Fact]
    public async Task What_is_malformed_is_told_by_field()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var webhook = (await world.CreateAsync()).String("webhook.id");

        async Task<ApiReply> StartAsync(string body) => await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", body);

        ProblemAssert.IsFault(await StartAsync("""{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}"""), "from");
        ProblemAssert.IsFault(await StartAsync("""{"status":"retrying"}"""), "status");
        ProblemAssert.IsFault(await StartAsync("""{"eventTypes":["no type"]}"""), "eventTypes[0]");
        ProblemAssert.IsFault(await StartAsync("""{"ratePerSecond":5000}"""), "ratePerSecond");
        ProblemAssert.IsFault(await StartAsync("""{"speed":1}"""), "speed");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_organization_neither_sees_nor_steers_a_replay(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        await using var stranger = await WebhookWorld.CreateAsync(hubs, database);
        var webhook = (await world.CreateAsync()).String("webhook.id");
        var id = (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { })).String("replay.id");

        ProblemAssert.IsProblem(await stranger.Client.GetApiAsync($"/api/replays/{id}"), 404, "read");
        ProblemAssert.IsProblem(await stranger.Client.PostApiAsync($"/api/replays/{id}/cancel"), 404, "cancel");
        ProblemAssert.IsProblem(await stranger.Client.PostApiAsync($"/api/webhooks/{webhook}/replay", new { }), 404, "start");
        ProblemAssert.IsProblem(await stranger.Client.GetApiAsync($"/api/webhooks/{webhook}/replays"), 404, "list");
    }

    // An endpoint whose one delivery has failed.
    private static async Task<string> FailedAsync(WebhookWorld world)
    {
        world.Receiver.Behave(WebhookWorld.Name, "status:500");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = Array.Empty<int>() } })).String("webhook.id");
        await world.PublishAsync();
        await world.DeliveryAsync(webhook, "failed");
        return webhook;
    }

    private async Task<ApiReply> EndedAsync(WebhookWorld world, DatabaseProvider database, string id)
    {
        var signals = (await hubs.GetAsync(database)).Services.GetRequiredService<HubSignals>();
        using var waiter = new SignalWaiter(signals, new HubSignal(HubSignalKind.ReplaysChanged, world.Tenant.OrganizationId));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var reply = await world.Client.GetApiAsync($"/api/replays/{id}");
            if (reply["replay.completedAt"].ValueKind != JsonValueKind.Null)
            {
                return reply;
            }

            Assert.True(await waiter.WaitAsync(patience.Token), $"The replay did not end: {reply}");
        }
    }
}
