using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>What holds deliveries back on purpose, and how many endpoints there may be.</summary>
public sealed class WebhookLimitTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Limits_are_off_until_they_are_set_and_can_be_taken_away(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var plain = await world.CreateAsync();
        Assert.Equal(JsonValueKind.Null, plain["webhook.rateLimitPerSecond"].ValueKind);
        Assert.Equal(JsonValueKind.Null, plain["webhook.maxInFlight"].ValueKind);
        Assert.Equal(JsonValueKind.Null, plain["webhook.circuitBreaker"].ValueKind);
        Assert.Equal("none", plain.String("webhook.ordering.mode"));
        var path = $"/api/webhooks/{plain.String("webhook.id")}";

        var set = await world.Client.PatchApiAsync(
            path, """{"rateLimitPerSecond":5,"maxInFlight":2,"ordering":{"mode":"skip","skipAfter":3},"circuitBreaker":{"failures":4,"seconds":60}}""");
        Assert.Equal(5, set["webhook.rateLimitPerSecond"].GetInt32());
        Assert.Equal(2, set["webhook.maxInFlight"].GetInt32());
        Assert.Equal("""{"mode":"skip","skipAfter":3}""", set["webhook.ordering"].GetRawText());
        Assert.Equal("""{"failures":4,"seconds":60,"openUntil":null}""", set["webhook.circuitBreaker"].GetRawText());
        Assert.Equal(5, (await world.Client.PatchApiAsync(path, """{"description":"x"}"""))["webhook.rateLimitPerSecond"].GetInt32());

        var cleared = await world.Client.PatchApiAsync(path, """{"rateLimitPerSecond":0,"maxInFlight":0,"ordering":{"mode":"none"},"circuitBreaker":{"failures":0}}""");
        Assert.Equal(JsonValueKind.Null, cleared["webhook.rateLimitPerSecond"].ValueKind);
        Assert.Equal(JsonValueKind.Null, cleared["webhook.maxInFlight"].ValueKind);
        Assert.Equal(JsonValueKind.Null, cleared["webhook.circuitBreaker"].ValueKind);
        Assert.Equal("none", cleared.String("webhook.ordering.mode"));
    }

    [Theory]
    [InlineData("""{"rateLimitPerSecond":-1}""", "rateLimitPerSecond")]
    [InlineData("""{"rateLimitPerSecond":1001}""", "rateLimitPerSecond")]
    [InlineData("""{"maxInFlight":101}""", "maxInFlight")]
    [InlineData("""{"ordering":{"mode":"fifo"}}""", "ordering.mode")]
    [InlineData("""{"ordering":{"mode":"skip"}}""", "ordering.skipAfter")]
    [InlineData("""{"ordering":{"mode":"block","skipAfter":2}}""", "ordering.skipAfter")]
    [InlineData("""{"circuitBreaker":{"failures":1,"seconds":60}}""", "circuitBreaker.failures")]
    [InlineData("""{"circuitBreaker":{"failures":3,"seconds":1}}""", "circuitBreaker.seconds")]
    public async Task A_limit_that_makes_no_sense_is_told_at_its_field(string body, string field)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var webhook = (await world.CreateAsync()).String("webhook.id");

        var reply = await world.Client.PatchApiAsync($"/api/webhooks/{webhook}", body);

        ProblemAssert.IsProblem(reply, 400, body);
        Assert.Equal([field], reply.Fields);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rate_and_a_cap_hold_for_what_is_really_sent(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "slow:40");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["rateLimitPerSecond"] = 20, ["maxInFlight"] = 3 })).String("webhook.id");
        await world.Client.PostApiAsync("/api/events", Enumerable.Range(0, 50).Select(_ => new { @event = "custom.a", data = new { } }));
        await world.ReceivedAsync(50);

        List<(DateTimeOffset Start, DateTimeOffset End)> tries = [];
        await world.DeliveryAsync(webhook, "delivered");
        foreach (var delivery in (await world.Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries?limit=100"))["deliveries"].EnumerateArray())
        {
            var detail = await world.Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries/{delivery.GetProperty("id").GetString()}");
            tries.AddRange(detail["delivery.attempts"].EnumerateArray().Select(attempt => attempt.GetProperty("startedAt").GetDateTimeOffset() is var start
                ? (start, start.AddMilliseconds(attempt.GetProperty("milliseconds").GetProperty("total").GetDouble())) : default));
        }

        // A busy machine may note a start a little late; the lanes' own tests are exact.
        tries.Sort();
        Assert.All(tries.Skip(20).Zip(tries), pair => Assert.True((pair.First.Start - pair.Second.Start).TotalMilliseconds >= 900));
        Assert.All(tries, one => Assert.InRange(tries.Count(other => other.Start <= one.Start && one.Start.AddMilliseconds(1) < other.End), 0, 3));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task No_more_than_twenty_endpoints_and_no_more_than_twenty_creations_a_minute(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var body = new { url = "http://localhost:9/hook", events = (string[])["*"] };
        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => tenant.Client.PostApiAsync("/api/webhooks", body)));

        Assert.Equal(20, replies.Count(reply => reply.Status == 201));
        Assert.All(replies.Where(reply => reply.Status != 201), reply => ProblemAssert.IsProblem(reply, 422, "too many"));
        await tenant.Client.DeleteApiAsync($"/api/webhooks/{replies.First(reply => reply.Status == 201).String("webhook.id")}");

        var refused = await tenant.Client.PostApiAsync("/api/webhooks", body);

        ProblemAssert.IsProblem(refused, 429, "a minute");
        Assert.InRange(refused["retryAfter"].GetInt32(), 1, 60);
        Assert.Equal(refused["retryAfter"].GetInt32(), refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }
}
