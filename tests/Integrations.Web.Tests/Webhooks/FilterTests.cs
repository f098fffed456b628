using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Webhooks;

public sealed class FilterTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private const string Filter = """data.amount >= 100 && data.currency in ["USD","EUR"]""";

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_events_that_meet_the_filter_make_a_delivery(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var filtered = await CreateAsync(tenant, Filter);
        await CreateAsync(tenant, filter: null);

        var published = await tenant.Client.PostApiAsync(
            "/api/events",
            """[{"event":"INVOICE_PAID","data":{"amount":100.0,"currency":"EUR"}},{"event":"invoice.paid","data":{"amount":99.99,"currency":"EUR"}},{"event":"custom.x","data":{"amount":"100","currency":"EUR"}},{"event":"custom.y","data":{}}]""");

        Assert.Equal(202, published.Status);
        Assert.Equal([2, 1, 1, 1], published["events"].EnumerateArray().Select(item => item.GetProperty("deliveries").GetInt32()));
        var deliveries = await tenant.Client.GetApiAsync($"/api/webhooks/{filtered.String("webhook.id")}/deliveries");
        Assert.Equal(["invoice.paid"], deliveries["deliveries"].EnumerateArray().Select(item => item.GetProperty("eventType").GetString()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_filter_is_shown_changed_at_once_taken_away_and_told_in_the_audit_log(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var created = await CreateAsync(tenant, $"  {Filter} ");
        var path = $"/api/integrations/webhooks/{created.String("webhook.id")}";
        Assert.Equal(Filter, created.String("webhook.filter"));
        Assert.Equal(0, await DeliveriesAsync("""{"amount":1}"""));

        Assert.Equal("data.amount == 1", (await tenant.Client.PatchApiAsync(path, new { filter = "data.amount == 1" })).String("webhook.filter"));
        Assert.Equal(1, await DeliveriesAsync("""{"amount":1}"""));
        Assert.Equal("data.amount == 1", (await tenant.Client.PatchApiAsync(path, new { description = "x" })).String("webhook.filter"));
        Assert.Equal(JsonValueKind.Null, (await tenant.Client.PatchApiAsync(path, new { filter = "" }))["webhook.filter"].ValueKind);
        Assert.Equal(1, await DeliveriesAsync("""{"amount":7}"""));

        var entry = (await tenant.Client.GetApiAsync("/api/audit?action=webhook.updated"))["entries"][0].ToString();
        Assert.Contains("data.amount == 1", entry, StringComparison.Ordinal);

        async Task<int> DeliveriesAsync(string data) =>
            (await tenant.Client.PostApiAsync("/api/events", $$"""{"event":"custom.x","data":{{data}}}"""))["events"][0].GetProperty("deliveries").GetInt32();
    }

    [Theory]
    [InlineData("data.amount >", "At character 14: ")]
    [InlineData("amount > 1", "data.amount")]
    public async Task A_text_that_is_no_filter_is_refused_with_its_place(string filter, string message)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var refused = await CreateAsync(tenant, filter);

        ProblemAssert.IsFault(refused, "filter");
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        var id = (await CreateAsync(tenant, filter: null)).String("webhook.id");
        ProblemAssert.IsFault(await tenant.Client.PatchApiAsync($"/api/webhooks/{id}", new { filter }), "filter");
        ProblemAssert.IsFault(await tenant.Client.PatchApiAsync($"/api/webhooks/{id}", new { filter = new string('x', 2001) }), "filter");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_filter_is_tried_on_the_newest_events_of_its_types_and_on_nobody_elses(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var other = await hubs.CreateOrganizationAsync(database);
        await other.Client.PostApiAsync("/api/events", """{"event":"invoice.paid","data":{"amount":500,"currency":"USD"},"id":"foreign"}""");
        await tenant.Client.PostApiAsync(
            "/api/events",
            """[{"event":"invoice.paid","data":{"amount":500,"currency":"USD"},"id":"a"},{"event":"invoice.sent","data":{"half":"\ud800"},"id":"b"},{"event":"custom.x_y","data":{"amount":100,"currency":"EUR"},"id":"c"},{"event":"contact.created","data":{},"id":"d"}]""");

        var all = await TryAsync(new { filter = Filter });
        Assert.True(all["isValid"].GetBoolean());
        Assert.Equal(2, all["matched"].GetInt32());
        Assert.Equal(["d:False", "c:True", "b:False", "a:True"], Tried(all));

        Assert.Equal(["c:True", "b:False", "a:True"], Tried(await TryAsync(new { filter = Filter, events = (string[])["INVOICE_PAID", "invoice.sent", "CUSTOM"] })));
        Assert.Equal(["b:False", "a:True"], Tried(await TryAsync(new { filter = Filter, events = (string[])["invoice.*"] })));
        Assert.Equal(4, Tried(await TryAsync(new { filter = "true", events = (string[])["invoice.*", "*"] })).Count());

        Task<ApiReply> TryAsync(object body) => tenant.Client.PostApiAsync("/api/integrations/webhooks/filter/try", body);
    }

    [Fact]
    public async Task At_most_twenty_events_are_tried_and_a_fault_is_answered_with_its_position()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        await tenant.Client.PostApiAsync("/api/events", "[" + string.Join(',', Enumerable.Range(0, 25).Select(i => $$$"""{"event":"custom.n","data":{"n":{{{i}}}}}""")) + "]");

        var tried = await tenant.Client.PostApiAsync("/api/webhooks/filter/try", new { filter = "data.n >= 5" });
        Assert.Equal((20, 20), (tried["events"].GetArrayLength(), tried["matched"].GetInt32()));

        var wrong = await tenant.Client.PostApiAsync("/api/webhooks/filter/try", new { filter = "data.n = 5" });
        Assert.Equal(200, wrong.Status);
        Assert.False(wrong["isValid"].GetBoolean());
        Assert.Equal(8, wrong["fault.position"].GetInt32());
        Assert.Contains("Compare with ==.", wrong.String("fault.message"), StringComparison.Ordinal);
        Assert.Equal(0, wrong["events"].GetArrayLength());

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/webhooks/filter/try", "{}"), "filter");
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/webhooks/filter/try", new { filter = "true", events = (string[])["Not a type"] }), "events[0]");
    }

    private static IEnumerable<string> Tried(ApiReply reply) =>
        reply["events"].EnumerateArray().Select(item => $"{item.GetProperty("id").GetString()}:{item.GetProperty("matches").GetBoolean()}");

    private static Task<ApiReply> CreateAsync(HubTenant tenant, string? filter) =>
        // Nothing listens on port 9; whether a delivery is made is all that counts here.
        tenant.Client.PostApiAsync("/api/webhooks", new { url = "http://localhost:9/", events = (string[])["*"], filter, retry = new { delays = Array.Empty<int>() } });
}
