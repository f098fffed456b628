using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>The live view over REST.</summary>
public sealed class TailApiTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_try_of_the_endpoint_is_told_once_as_it_is_made(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "flaky:1");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = (int[])[1] } })).String("webhook.id");
        await world.CreateAsync(new Dictionary<string, object?> { ["url"] = world.Sandbox.ReceiveUrl("other") });
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/webhooks/{webhook}/tail");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        using var patience = new CancellationTokenSource(_patience);
        using var response = await world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);

        // The first tells that the view is open.
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("idle", events.Current.EventType);
        await world.PublishAsync();
        List<JsonElement> told = [];
        while (told.Count < 2 && await events.MoveNextAsync())
        {
            if (events.Current.EventType == "attempt")
            {
                told.Add(JsonElement.Parse(events.Current.Data));
            }
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([(1, "refused_by_status", 500), (2, "delivered", 200)], told.Select(attempt => (
            attempt.GetProperty("number").GetInt32(), attempt.GetProperty("outcome").GetString(), attempt.GetProperty("responseStatus").GetInt32())));
        Assert.Equal((await world.DeliveryAsync(webhook, "delivered")).String("delivery.id"), told[0].GetProperty("deliveryId").GetString());
    }

    [Fact]
    public async Task It_is_asked_for_by_its_type_and_is_nobody_elses()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        await using var other = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var path = $"/api/webhooks/{(await world.CreateAsync()).String("webhook.id")}/tail";

        ProblemAssert.IsProblem(await world.Client.GetApiAsync(path), 406, "Accept");
        ProblemAssert.IsProblem(await other.Client.GetApiAsync(path), 404, "another organization's");
    }

    [Fact]
    public void An_organization_opens_only_some_and_leaves_room_for_others()
    {
        OpenTails tails = new();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var open = Enumerable.Range(0, 4).Select(_ => tails.TryOpen(first)).ToList();

        Assert.All(open, Assert.NotNull);
        Assert.Null(tails.TryOpen(first));
        Assert.NotNull(tails.TryOpen(second));
        open[0]!.Dispose();
        open[0]!.Dispose();
        Assert.NotNull(tails.TryOpen(first));
        Assert.Null(tails.TryOpen(first));
    }
}
