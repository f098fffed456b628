using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>From a published event to a real receiver over a socket.</summary>
public sealed class WebhookDeliveryTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task An_event_arrives_with_both_signatures_valid_and_exactly_the_documented_headers(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var created = await world.CreateAsync(new Dictionary<string, object?> { ["events"] = (string[])["CARD_VIEW"], ["headers"] = new Dictionary<string, string> { ["X-Own"] = "mine" } });
        world.Receiver.ExpectSecret(WebhookWorld.Name, created.String("webhook.secret"));

        var published = await world.PublishAsync("card.viewed");

        var request = Assert.Single(await world.ReceivedAsync(1));
        Assert.Equal(1, published["events"][0].GetProperty("deliveries").GetInt32());
        Assert.True(request.HexValid);
        Assert.True(request.StandardValid);
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp", "X-Own", "X-Webhook-Event", "X-Webhook-Id", "X-Webhook-Signature"],
            request.Headers.Select(header => header.Key).Where(name => name is not "traceparent").Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(published.String("id"), request.Header("webhook-id"));
        Assert.Equal(created.String("webhook.id"), request.Header("X-Webhook-Id"));
        Assert.Equal("CARD_VIEW", request.Header("X-Webhook-Event"));
        Assert.Equal("mine", request.Header("X-Own"));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.StartsWith("Integrations/", request.Header("User-Agent"), StringComparison.Ordinal);
        var body = JsonElement.Parse(request.Text);
        Assert.Equal(["id", "type", "event", "timestamp", "data"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal("card.viewed", body.GetProperty("type").GetString());
        Assert.Equal("CARD_VIEW", body.GetProperty("event").GetString());
    }

    [NpmFact]
    public async Task The_libraries_that_partners_use_accept_a_delivery()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        await using var verifier = NpmVerifier.Start();
        var created = await world.CreateAsync();
        await world.PublishAsync(data: """{"name":"ä😀\u0000"}""");

        var request = Assert.Single(await world.ReceivedAsync(1));

        Assert.Equal(new NpmVerdict(true, true), await verifier.VerifyAsync(created.String("webhook.secret"), request.Headers, request.Body));
    }

    [NpmFact]
    public async Task The_libraries_that_partners_use_accept_deliveries_before_during_and_after_a_change_of_the_secret()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        await using var verifier = NpmVerifier.Start();
        var created = await world.CreateAsync();
        var (webhook, old) = (created.String("webhook.id"), created.String("webhook.secret"));

        async Task<(NpmVerdict Old, NpmVerdict New)> VerdictsAsync(int count, string next)
        {
            await world.PublishAsync();
            var request = (await world.ReceivedAsync(count))[^1];
            return (await verifier.VerifyAsync(old, request.Headers, request.Body), await verifier.VerifyAsync(next, request.Headers, request.Body));
        }

        NpmVerdict accepted = new(true, true);
        NpmVerdict refused = new(false, false);
        Assert.Equal((accepted, refused), await VerdictsAsync(1, "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="));
        var next = (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/rotate-secret")).String("secret");
        Assert.Equal((accepted, accepted), await VerdictsAsync(2, next));
        Assert.Equal(200, (await world.Client.DeleteApiAsync($"/api/webhooks/{webhook}/previous-secret")).Status);
        Assert.Equal((refused, accepted), await VerdictsAsync(3, next));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Data_arrives_byte_for_byte(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var created = await world.CreateAsync();
        const string Data = """{"z":1.0,"a":1e3, "big":123456789012345678901234567890,"escaped":"\u00e4\u0000\ud83d\ude00","half":"\ud800","plain":"ä😀</script>","":null,  "n":[ ]}""";

        await world.PublishAsync("custom.exact", Data);

        var request = Assert.Single(await world.ReceivedAsync(1));
        Assert.EndsWith($"\"data\":{Data}}}", request.Text, StringComparison.Ordinal);
        // The list shows the same body.
        await world.DeliveryAsync(created.String("webhook.id"), "delivered");
        Assert.Contains($"\"payload\":{request.Text}", (await world.Client.GetApiAsync($"/api/webhooks/{created.String("webhook.id")}/deliveries")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")]
    [InlineData("my-own-plain-secret-42")]
    public async Task An_own_secret_and_an_own_signature_header_are_used(string secret)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var created = await world.CreateAsync(new Dictionary<string, object?> { ["secret"] = secret, ["signatureHeader"] = "X-Invoicy-Signature" });
        Assert.Equal(secret, created.String("webhook.secret"));

        await world.PublishAsync();

        var request = Assert.Single(await world.ReceivedAsync(1));
        Assert.True(request.IsSignedInHexWith(secret, "X-Invoicy-Signature"));
        Assert.True(request.IsSignedInStandardWith(secret));
        Assert.Null(request.Header("X-Webhook-Signature"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_failed_delivery_is_retried_until_it_arrives_and_every_try_is_told(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "flaky:1");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = (int[])[1] } })).String("webhook.id");

        await world.PublishAsync();

        var requests = await world.ReceivedAsync(2);
        Assert.Equal(requests[0].Header("webhook-id"), requests[1].Header("webhook-id"));
        Assert.Equal(requests[0].Text, requests[1].Text);
        var delivery = await world.DeliveryAsync(webhook, "delivered");
        Assert.Equal(2, delivery["delivery.attemptCount"].GetInt32());
        Assert.Equal(200, delivery["delivery.responseStatus"].GetInt32());
        Assert.Equal(JsonValueKind.Null, delivery["delivery.failedAt"].ValueKind);
        Assert.Equal(JsonValueKind.Null, delivery["delivery.nextRetryAt"].ValueKind);
        var attempts = delivery["delivery.attempts"].EnumerateArray().ToList();
        Assert.Equal([(1, "refused_by_status", 500), (2, "delivered", 200)], attempts.Select(attempt => (
            attempt.GetProperty("number").GetInt32(), attempt.GetProperty("outcome").GetString(), attempt.GetProperty("responseStatus").GetInt32())));
        Assert.Equal(requests[0].Header("webhook-signature"), attempts[0].GetProperty("requestHeaders").GetProperty("webhook-signature").GetString());
        Assert.True(attempts[0].GetProperty("milliseconds").GetProperty("total").GetDouble() > 0);
        Assert.True(attempts[0].GetProperty("milliseconds").GetProperty("connect").GetDouble() > 0);
        Assert.Equal($"127.0.0.1:{world.Sandbox.Address.Port}", attempts[0].GetProperty("remoteAddress").GetString());
        Assert.Equal(JsonValueKind.Object, attempts[0].GetProperty("responseHeaders").ValueKind);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_delivery_fails_when_its_plan_is_used_up_and_can_be_retried_by_hand(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "status:503");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = (int[])[1] } })).String("webhook.id");
        await world.PublishAsync();

        var failed = await world.DeliveryAsync(webhook, "failed");
        Assert.Equal(2, failed["delivery.attemptCount"].GetInt32());
        Assert.Equal(503, failed["delivery.responseStatus"].GetInt32());
        Assert.NotEmpty(failed.String("delivery.failedAt"));
        Assert.Contains("503", failed.String("delivery.error"), StringComparison.Ordinal);

        world.Receiver.Behave(WebhookWorld.Name, "ok");
        Assert.Equal(200, (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/deliveries/{failed.String("delivery.id")}/retry")).Status);
        Assert.Equal(3, (await world.DeliveryAsync(webhook, "delivered"))["delivery.attemptCount"].GetInt32());
        Assert.Equal("delivery.retried", (await world.Client.GetApiAsync("/api/audit?action=delivery"))["entries"][0].GetProperty("action").GetString());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_endpoints_that_are_on_and_want_the_type_get_it(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var off = (await world.CreateAsync(new Dictionary<string, object?> { ["isActive"] = false, ["url"] = world.Sandbox.ReceiveUrl("off") })).String("webhook.id");
        await world.CreateAsync(new Dictionary<string, object?> { ["events"] = (string[])["contact.*"], ["url"] = world.Sandbox.ReceiveUrl("contacts") });
        await world.CreateAsync(new Dictionary<string, object?> { ["events"] = (string[])["invoice.paid"] });

        var published = await world.PublishAsync();

        await world.ReceivedAsync(1);
        Assert.Equal(1, published["events"][0].GetProperty("deliveries").GetInt32());
        Assert.Equal(["discarded"], (await world.Client.GetApiAsync($"/api/webhooks/{off}/deliveries"))["deliveries"].EnumerateArray().Select(row => row.GetProperty("status").GetString()));
        await world.Client.PatchApiAsync($"/api/webhooks/{off}", new { isActive = true });
        Assert.Equal(2, (await world.PublishAsync())["events"][0].GetProperty("deliveries").GetInt32());
        await world.Receiver.WaitForAsync("off", 1, TimeSpan.FromSeconds(60));
        Assert.Equal(0, world.Receiver.Count("contacts"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_test_goes_to_one_endpoint_also_when_it_is_off_and_answers_what_it_said(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["isActive"] = false })).String("webhook.id");

        var good = await world.Client.PostApiAsync($"/api/webhooks/{webhook}/test");
        Assert.Equal("delivered", good.String("delivery.status"));
        Assert.Equal(200, good["delivery.response.status"].GetInt32());
        Assert.True(good["delivery.response.milliseconds"].GetDouble() > 0);

        world.Receiver.Behave(WebhookWorld.Name, "status:500");
        var bad = await world.Client.PostApiAsync($"/api/webhooks/{webhook}/test");
        Assert.Equal(200, bad.Status);
        Assert.Equal("failed", bad.String("delivery.status"));
        Assert.Equal(500, bad["delivery.response.status"].GetInt32());
        Assert.Equal("webhook.endpoint.test", JsonElement.Parse(world.Receiver.Received(WebhookWorld.Name)[0].Text).GetProperty("type").GetString());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Deliveries_are_filtered_by_status_type_and_time(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "sequence:500,200");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = Array.Empty<int>() } })).String("webhook.id");
        await world.PublishAsync("invoice.paid");
        var failed = await world.DeliveryAsync(webhook, "failed");
        await world.PublishAsync("contact.created");
        await world.DeliveryAsync(webhook, "delivered");

        async Task<IEnumerable<string?>> TypesAsync(string query) => (await world.Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries?{query}"))["deliveries"]
            .EnumerateArray().Select(delivery => delivery.GetProperty("eventType").GetString());

        Assert.Equal(["contact.created", "invoice.paid"], await TypesAsync(""));
        Assert.Equal(["invoice.paid"], await TypesAsync("status=failed"));
        Assert.Equal(["contact.created"], await TypesAsync("status=success"));
        Assert.Equal(["contact.created"], await TypesAsync("eventType=CONTACT_CREATED"));
        Assert.Empty(await TypesAsync($"to={failed["delivery.createdAt"].GetDateTimeOffset().ToUnixTimeMilliseconds()}"));
        Assert.Equal(2, (await TypesAsync($"from={failed["delivery.createdAt"].GetDateTimeOffset().ToUnixTimeMilliseconds()}")).Count());
        ProblemAssert.IsFault(await world.Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries?status=lost"), "status");
    }

    [Fact]
    public async Task A_delivery_is_not_found_under_another_endpoint()
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, DatabaseProvider.Sqlite);
        var webhook = (await world.CreateAsync()).String("webhook.id");
        var other = (await world.CreateAsync(new Dictionary<string, object?> { ["isActive"] = false })).String("webhook.id");
        await world.PublishAsync();
        var delivery = (await world.DeliveryAsync(webhook, "delivered")).String("delivery.id");

        ProblemAssert.IsProblem(await world.Client.GetApiAsync($"/api/webhooks/{other}/deliveries/{delivery}"), 404, "read");
        ProblemAssert.IsProblem(await world.Client.PostApiAsync($"/api/webhooks/{other}/deliveries/{delivery}/retry"), 404, "retry");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Deliveries_that_wait_for_a_deleted_endpoint_are_not_made(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "status:500");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = (int[])[1] } })).String("webhook.id");
        await world.PublishAsync();
        await world.DeliveryAsync(webhook, "retrying");
        await world.Client.DeleteApiAsync($"/api/webhooks/{webhook}");

        // Another endpoint's delivery that is due later shows that the first one's time has passed.
        await world.CreateAsync(new Dictionary<string, object?> { ["url"] = world.Sandbox.ReceiveUrl("later", "flaky:2"), ["retry"] = new { delays = (int[])[1, 1] } });
        await world.PublishAsync();
        await world.Receiver.WaitForAsync("later", 3, TimeSpan.FromSeconds(60));
        Assert.Equal(1, world.Receiver.Count(WebhookWorld.Name));
    }
}
