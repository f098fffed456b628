using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Events;

public sealed class PublishTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private static readonly object _data = new { invoiceId = "invoice-123" };

    [Theory, OnSqlite, OnPostgres]
    public async Task One_event_is_accepted_with_an_id_and_can_be_read_by_it(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var reply = await tenant.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = _data });

        Assert.Equal(202, reply.Status);
        Assert.True(reply["success"].GetBoolean());
        Assert.StartsWith("evt_", reply.String("id"), StringComparison.Ordinal);
        Assert.Equal(reply.String("id"), reply["events"][0].GetProperty("id").GetString());
        var read = await tenant.Client.GetApiAsync($"/api/events/{reply.String("id")}");
        Assert.Equal(200, read.Status);
        Assert.Equal("invoice.paid", read.String("event.event"));
        Assert.Equal("invoice-123", read.String("event.data.invoiceId"));
        Assert.Equal("First key", read.String("event.source"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_array_of_100_events_is_accepted_whole_and_in_order(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var reply = await tenant.Client.PostApiAsync("/api/events", Enumerable.Range(0, 100).Select(number => new { @event = "custom.many", data = new { number }, id = $"n-{number}" }));

        Assert.Equal(202, reply.Status);
        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"n-{number}"), reply["events"].EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal(JsonValueKind.Null, reply["id"].ValueKind);
        var listed = await tenant.Client.GetApiAsync("/api/events?limit=200");
        Assert.Equal(Enumerable.Range(0, 100).Reverse().Select(number => $"n-{number}"), Ids(listed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task An_array_of_none_or_more_than_100_is_refused(int count)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var reply = await tenant.Client.PostApiAsync("/api/events", Enumerable.Repeat(new { @event = "custom.many", data = _data }, count));

        ProblemAssert.IsProblem(reply, 400, "count");
        Assert.Contains("between 1 and 100", reply.Error, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_event_under_an_own_id_again_answers_the_same_and_is_stored_once(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var body = new { @event = "invoice.paid", data = _data, id = "order_1-A" };

        var first = await tenant.Client.PostApiAsync("/api/events", body);
        var second = await tenant.Client.PostApiAsync("/api/events", body);

        Assert.Equal(202, first.Status);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal("order_1-A", second.String("id"));
        Assert.Single(Ids(await tenant.Client.GetApiAsync("/api/events")));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_event_under_a_used_id_is_a_conflict(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await tenant.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = _data, id = "used", timestamp = 1_700_000_000_000 });

        foreach (var other in new object[]
        {
            new { @event = "invoice.paid", data = new { invoiceId = "other" }, id = "used" },
            new { @event = "invoice.sent", data = _data, id = "used" },
            new { @event = "invoice.paid", data = _data, id = "used", timestamp = 1_700_000_000_001 },
        })
        {
            ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", other), "id", 409);
        }

        // Without a time it is the same event: a publisher that repeats a call need not remember when it made the first.
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = _data, id = "used" })).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_own_id_at_the_same_moment_is_stored_once(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => tenant.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = _data, id = "race" })));

        Assert.All(replies, reply => Assert.Equal(202, reply.Status));
        Assert.Single(Ids(await tenant.Client.GetApiAsync("/api/events")));
    }

    [Fact]
    public async Task Two_organizations_may_use_the_same_own_id()
    {
        var one = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var other = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        Assert.Equal(202, (await one.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data = _data, id = "same" })).Status);
        Assert.Equal(202, (await other.Client.PostApiAsync("/api/events", new { @event = "invoice.sent", data = _data, id = "same" })).Status);
        Assert.Equal("invoice.paid", (await one.Client.GetApiAsync("/api/events/same")).String("event.event"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_array_with_one_fault_stores_nothing_and_names_the_index(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await tenant.Client.PostApiAsync("/api/events", new { @event = "custom.a", data = _data, id = "taken" });
        object good = new { @event = "custom.a", data = _data };

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new[] { good, new { @event = "custom.a", data = "text" } }), "[1].data");
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new[] { good, good, new { data = _data } }), "[2].event");
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new[] { good, null }), "[1]");
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new[] { new { @event = "custom.a", data = _data, id = "no spaces" } }), "[0].id");
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new[] { good, new { @event = "unknown.type", data = _data } }), "[1].event", 422);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new[] { good, new { @event = "custom.b", data = _data, id = "taken" } }), "[1].id", 409);
        ProblemAssert.IsFault(
            await tenant.Client.PostApiAsync("/api/events", new[] { new { @event = "custom.a", data = _data, id = "twice" }, new { @event = "custom.a", data = _data, id = "twice" } }), "[1].id");

        Assert.Equal(["taken"], Ids(await tenant.Client.GetApiAsync("/api/events")));
    }

    [Theory]
    [InlineData("CONTACT_CREATED", "contact.created")]
    [InlineData("CARD_VIEW", "card.viewed")]
    [InlineData("LINK_CLICK", "link.clicked")]
    [InlineData("SUBSCRIPTION_UPDATED", "subscription.updated")]
    [InlineData("AI_REQUEST_COMPLETED", "ai.request.completed")]
    [InlineData("PAYMENT_SUCCEEDED", "payment.succeeded")]
    [InlineData("USER_CREATED", "user.created")]
    [InlineData("custom.anything.goes_1", "custom.anything.goes_1")]
    public async Task The_names_of_earlier_products_stand_for_ours(string given, string stored)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var reply = await tenant.Client.PostApiAsync("/api/events", new { @event = given, data = _data });

        Assert.Equal(202, reply.Status);
        Assert.Equal(stored, reply["events"][0].GetProperty("event").GetString());
        Assert.Single(Ids(await tenant.Client.GetApiAsync($"/api/events?type={given}")));
    }

    [Theory]
    [InlineData("order.shipped", 422)]
    [InlineData("sync.completed", 422)]
    [InlineData("webhook.endpoint.test", 422)]
    [InlineData("CUSTOM", 400)]
    [InlineData("Invoice.Paid", 400)]
    [InlineData("invoice", 400)]
    [InlineData("invoice.*", 400)]
    [InlineData("custom.", 400)]
    [InlineData("", 400)]
    public async Task A_type_that_nobody_may_publish_is_refused(string type, int status)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", new { @event = type, data = _data }), "event", status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_type_that_was_defined_can_be_published_by_its_organization_only(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var other = await hubs.CreateOrganizationAsync(database);
        await tenant.Client.PostApiAsync("/api/event-types", new { name = "order.shipped", description = "An order left the house.", example = new { orderId = 7 } });

        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", new { @event = "order.shipped", data = _data })).Status);
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", new { @event = "ORDER_SHIPPED", data = _data })).Status);
        ProblemAssert.IsFault(await other.Client.PostApiAsync("/api/events", new { @event = "order.shipped", data = _data }), "event", 422);
    }

    [Theory]
    [InlineData("\"2026-11-20T10:30:00Z\"", "2026-11-20T10:30:00.000Z")]
    [InlineData("\"2026-11-20T11:30:00.250+01:00\"", "2026-11-20T10:30:00.250Z")]
    [InlineData("\"2026-11-20T10:30:00\"", "2026-11-20T10:30:00.000Z")]
    [InlineData("1763634600123", "2025-11-20T10:30:00.123Z")]
    [InlineData("\"1763634600123\"", "2025-11-20T10:30:00.123Z")]
    [InlineData("-1", "1969-12-31T23:59:59.999Z")]
    public async Task A_time_is_taken_as_ISO_8601_or_as_milliseconds(string timestamp, string stored)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var reply = await tenant.Client.PostApiAsync("/api/events", $$"""{"event":"custom.a","data":{},"timestamp":{{timestamp}}}""");

        Assert.Equal(stored, (await tenant.Client.GetApiAsync($"/api/events/{reply.String("id")}")).String("event.timestamp"));
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("1.5")]
    [InlineData("99999999999999999")]
    [InlineData("true")]
    public async Task What_is_not_a_time_is_refused_at_its_field(string timestamp)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", $$"""{"event":"custom.a","data":{},"timestamp":{{timestamp}}}"""), "timestamp");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Data_may_have_256_KiB_and_not_a_byte_more(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        static string OfSize(int bytes) => "{\"event\":\"custom.a\",\"data\":{\"x\":\"" + new string('x', bytes - 8) + "\"}}";

        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", OfSize(256 * 1024))).Status);
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", OfSize((256 * 1024) + 1)), "data");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Data_is_shown_exactly_as_it_was_sent(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        const string Data = """{"z":1.0,"a":1e3, "big":123456789012345678901234567890,"escaped":"\u00e4\u0000\ud83d\ude00","half":"\ud800","plain":"ä😀</script>","":null,  "n":[ ]}""";

        var reply = await tenant.Client.PostApiAsync("/api/events", $$"""{"event":"custom.exact","data":{{Data}}}""");

        Assert.Equal(202, reply.Status);
        Assert.Contains($"\"data\":{Data}", (await tenant.Client.GetApiAsync($"/api/events/{reply.String("id")}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"event\":\"custom.a\"}")]
    [InlineData("{\"event\":\"custom.a\",\"data\":null}")]
    [InlineData("{\"event\":\"custom.a\",\"data\":[1]}")]
    [InlineData("{\"event\":\"custom.a\",\"data\":\"text\"}")]
    public async Task Data_must_be_an_object(string body)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/events", body), "data");
    }

    [Fact]
    public async Task Everything_wrong_with_an_event_is_told_at_once()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var reply = await tenant.Client.PostApiAsync("/api/events", """{"event":"NO type","data":{},"id":"no spaces"}""");

        ProblemAssert.IsProblem(reply, 400, "all");
        Assert.Equal(["event", "id"], reply.Fields);
    }

    internal static IEnumerable<string?> Ids(ApiReply reply) => reply["events"].EnumerateArray().Select(item => item.GetProperty("id").GetString());
}
