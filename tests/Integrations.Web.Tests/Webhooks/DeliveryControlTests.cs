using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

/// <summary>What a program asks of deliveries and does with them: those of an event, tests, order, circuits.</summary>
public sealed class DeliveryControlTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_deliveries_of_an_event_to_all_endpoints_are_listed_at_the_event(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var first = (await world.CreateAsync()).String("webhook.id");
        var second = (await world.CreateAsync(new Dictionary<string, object?> { ["url"] = world.Sandbox.ReceiveUrl("second") })).String("webhook.id");
        await world.PublishAsync();
        var published = await world.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { }, id = "order-1" });
        await world.DeliveryAsync(second, "delivered");

        var listed = await world.Client.GetApiAsync("/api/events/order-1/deliveries");

        Assert.Equal(new[] { first, second }.Order(), listed["deliveries"].EnumerateArray().Select(row => row.GetProperty("webhookId").GetString()).Order());
        Assert.All(listed["deliveries"].EnumerateArray(), row => Assert.Equal("order-1", row.GetProperty("eventId").GetString()));
        Assert.Equal(1, (await world.Client.GetApiAsync($"/api/events/{published.String("id")}/deliveries?limit=1"))["deliveries"].GetArrayLength());
        ProblemAssert.IsProblem(await world.Client.GetApiAsync("/api/events/order-2/deliveries"), 404, "no such event");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_test_sends_the_example_of_the_type_that_is_asked_for_and_is_audited(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["events"] = (string[])["CONTACT_CREATED"] })).String("webhook.id");
        var other = (await world.CreateAsync(new Dictionary<string, object?> { ["url"] = world.Sandbox.ReceiveUrl("other") })).String("webhook.id");

        var sent = await world.Client.PostApiAsync($"/api/webhooks/{webhook}/test", new { @event = "CONTACT_CREATED" });

        Assert.Equal(("contact.created", "delivered"), (sent.String("delivery.eventType"), sent.String("delivery.status")));
        var body = JsonElement.Parse((await world.ReceivedAsync(1))[0].Text);
        Assert.Equal(("CONTACT_CREATED", "contact-123"), (body.GetProperty("event").GetString(), body.GetProperty("data").GetProperty("contactId").GetString()));
        var entry = (await world.Client.GetApiAsync("/api/audit?action=webhook.tested"))["entries"][0];
        Assert.Equal((webhook, "contact.created"), (entry.GetProperty("target").GetProperty("id").GetString(), entry.GetProperty("after").GetProperty("event").GetString()));
        // It is nobody else's, also not as one that was missed.
        Assert.Equal(0, (await world.Client.PostApiAsync($"/api/webhooks/{other}/replay/count", new { status = "missing" }))["count"].GetInt32());
        ProblemAssert.IsFault(await world.Client.PostApiAsync($"/api/webhooks/{webhook}/test", new { @event = "contact.lost" }), "event", 422);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Events_with_an_ordering_key_wait_for_one_that_failed_until_it_is_skipped(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "sequence:503,200");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?> { ["retry"] = new { delays = Array.Empty<int>() }, ["ordering"] = new { mode = "block" } })).String("webhook.id");
        await world.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { }, id = "first", orderingKey = "customer-7" });
        var failed = await world.DeliveryAsync(webhook, "failed");
        await world.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = new { }, id = "second", orderingKey = "customer-7" });
        var waiting = await world.DeliveryAsync(webhook, "pending");
        Assert.Equal(("customer-7", true, "customer-7"), (failed.String("delivery.orderingKey"), failed["delivery.isBlocking"].GetBoolean(), waiting.String("delivery.orderingKey")));

        var skipped = await world.Client.PostApiAsync($"/api/webhooks/{webhook}/deliveries/{failed.String("delivery.id")}/skip");

        Assert.Equal(200, skipped.Status);
        Assert.Equal("second", (await world.DeliveryAsync(webhook, "delivered")).String("delivery.eventId"));
        Assert.Equal("discarded", (await world.Client.GetApiAsync($"/api/webhooks/{webhook}/deliveries/{failed.String("delivery.id")}")).String("delivery.status"));
        ProblemAssert.IsProblem(await world.Client.PostApiAsync($"/api/webhooks/{webhook}/deliveries/{failed.String("delivery.id")}/skip"), 422, "skipped already");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_open_circuit_is_told_and_a_retry_by_hand_goes_all_the_same(DatabaseProvider database)
    {
        await using var world = await WebhookWorld.CreateAsync(hubs, database);
        world.Receiver.Behave(WebhookWorld.Name, "sequence:503,503,200");
        var webhook = (await world.CreateAsync(new Dictionary<string, object?>
        {
            ["retry"] = new { delays = (int[])[1] },
            ["circuitBreaker"] = new { failures = 2, seconds = 600 },
        })).String("webhook.id");

        // It is written beside the delivery, a moment before or after.
        async Task<JsonElement> OpenUntilAsync(bool isOpen)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                var until = (await world.Client.GetApiAsync($"/api/webhooks/{webhook}"))["webhook.circuitBreaker.openUntil"];
                if (until.ValueKind != JsonValueKind.Null == isOpen)
                {
                    return until;
                }

                await Task.Delay(20, patience.Token);
            }
        }

        await OpenUntilAsync(false);
        await world.PublishAsync();
        var failed = await world.DeliveryAsync(webhook, "failed");

        var open = await OpenUntilAsync(true);
        Assert.InRange(open.GetDateTimeOffset() - failed["delivery.failedAt"].GetDateTimeOffset(), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11));
        Assert.Equal(200, (await world.Client.PostApiAsync($"/api/webhooks/{webhook}/deliveries/{failed.String("delivery.id")}/retry")).Status);

        Assert.Equal(3, (await world.DeliveryAsync(webhook, "delivered"))["delivery.attemptCount"].GetInt32());
        await OpenUntilAsync(false);
    }
}
