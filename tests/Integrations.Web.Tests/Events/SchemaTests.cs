using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Events;

public sealed class SchemaTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private const string Schema = """{"type":"object","required":["amount"],"properties":{"amount":{"type":"number","minimum":0.10}}}""";

    [Theory, OnSqlite, OnPostgres]
    public async Task An_enforced_schema_refuses_the_whole_request_and_names_each_place(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        Assert.Equal(201, (await DefineAsync(tenant, "enforce")).Status);

        var refused = await tenant.Client.PostApiAsync(
            "/api/events", """[{"event":"custom.free","data":{},"id":"free"},{"event":"ORDER_SHIPPED","data":{"amount":0.1}},{"event":"order.shipped","data":{}},{"event":"order.shipped","data":{"amount":"1"}}]""");

        Assert.Equal(422, refused.Status);
        Assert.Equal(["[2].data.amount", "[3].data.amount"], refused.Fields);
        Assert.Equal("By the schema of order.shipped, data.amount is required.", refused.Error);
        ProblemAssert.IsProblem(await tenant.Client.GetApiAsync("/api/events/free"), 404, "all or nothing");

        var alone = await tenant.Client.PostApiAsync("/api/events", """{"event":"order.shipped","data":{"amount":-1}}""");
        ProblemAssert.IsFault(alone, "data.amount", 422);
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", """{"event":"order.shipped","data":{"amount":0.1}}""")).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_warned_schema_accepts_and_tells_how_the_event_departs_again_and_again(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await DefineAsync(tenant, mode: null);

        const string Event = """{"event":"order.shipped","data":{"amount":-1,"\u0000":"\ud800"},"id":"mine"}""";
        var first = await tenant.Client.PostApiAsync("/api/events", Event);
        var again = await tenant.Client.PostApiAsync("/api/events", Event);

        Assert.Equal(202, first.Status);
        Assert.Equal(["By the schema of order.shipped, data.amount must be at least 0.10."], Warnings(first["events"][0]));
        Assert.Equal(first["events"].ToString(), again["events"].ToString());
        Assert.Equal(Warnings(first["events"][0]), Warnings((await tenant.Client.GetApiAsync("/api/events/mine"))["event"]));
        Assert.Equal(Warnings(first["events"][0]), Warnings((await tenant.Client.GetApiAsync("/api/events"))["events"][0]));
        Assert.Empty(Warnings((await tenant.Client.PostApiAsync("/api/events", """{"event":"order.shipped","data":{"amount":1}}"""))["events"][0]));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Warnings_of_any_content_can_be_stored(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/event-types", """{"name":"custom.strict","schema":{"additionalProperties":false,"properties":{"p":{"pattern":"\u0000\u001f😀{50}"}}}}""")).Status);

        var published = await tenant.Client.PostApiAsync("/api/events", """{"event":"custom.strict","data":{"\u0000":1,"line\nbreak":3,"p":"x","😀":4}}""");

        Assert.Equal(202, published.Status);
        Assert.Equal(4, Warnings(published["events"][0]).Count());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_changed_schema_counts_at_once_and_not_for_what_was_accepted_before(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await DefineAsync(tenant, "warn");
        const string Event = """{"event":"order.shipped","data":{},"id":"before"}""";
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", Event)).Status);

        Assert.Equal("enforce", (await ChangeAsync("""{"schemaMode":"enforce"}""")).String("eventType.schemaMode"));
        Assert.Equal(422, await PublishAsync("{}"));
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", Event)).Status);

        await ChangeAsync("""{"schema":{"required":["other"]},"description":"Now other."}""");
        Assert.Equal(422, await PublishAsync("""{"amount":1}"""));
        Assert.Equal(202, await PublishAsync("""{"other":1}"""));

        var without = await ChangeAsync("""{"schema":null}""");
        Assert.Equal(JsonValueKind.Null, without["eventType.schema"].ValueKind);
        Assert.Equal("Now other.", without.String("eventType.description"));
        Assert.Equal(202, await PublishAsync("{}"));
        Assert.Equal(
            ["event_type.updated", "event_type.updated", "event_type.updated", "event_type.created"],
            (await tenant.Client.GetApiAsync("/api/audit?action=event_type"))["entries"].EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));

        async Task<int> PublishAsync(string data) => (await tenant.Client.PostApiAsync("/api/events", $$"""{"event":"order.shipped","data":{{data}}}""")).Status;
        async Task<ApiReply> ChangeAsync(string body)
        {
            var changed = await tenant.Client.PatchApiAsync("/api/event-types/order.shipped", body);
            Assert.Equal(200, changed.Status);
            return changed;
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_schema_is_shown_as_it_was_given_and_belongs_to_its_organization_alone(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var other = await hubs.CreateOrganizationAsync(database);
        await DefineAsync(tenant, "enforce");
        await other.Client.PostApiAsync("/api/event-types", new { name = "order.shipped" });

        var listed = (await tenant.Client.GetApiAsync("/api/event-types"))["eventTypes"].EnumerateArray().Last();
        Assert.Equal(Schema, listed.GetProperty("schema").GetRawText());
        Assert.Equal("enforce", listed.GetProperty("schemaMode").GetString());
        Assert.Equal(202, (await other.Client.PostApiAsync("/api/events", """{"event":"order.shipped","data":{}}""")).Status);
        await tenant.Client.PostApiAsync("/api/event-types", new { name = "order.mine" });
        ProblemAssert.IsProblem(await other.Client.PatchApiAsync("/api/event-types/order.mine", new { description = "x" }), 404, "not theirs");

    }

    [Theory]
    [InlineData("""{"schema":{"multipleOf":2}}""", "schema", 400)]
    [InlineData("""{"schema":"text"}""", "schema", 400)]
    [InlineData("""{"schema":{"$ref":"https://example.com/x"}}""", "schema", 400)]
    [InlineData("""{"schema":{"required":["a"]},"example":{"b":1}}""", "example", 422)]
    [InlineData("""{"example":{"amount":"no"}}""", "example", 422)]
    [InlineData("""{"schemaMode":"strict"}""", "schemaMode", 400)]
    [InlineData("""{"schemaMode":1}""", "schemaMode", 400)]
    [InlineData("""{"name":"order.other"}""", "name", 400)]
    public async Task What_is_wrong_with_a_type_is_told_at_its_member(string body, string field, int status)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        await DefineAsync(tenant, "warn");

        ProblemAssert.IsFault(await tenant.Client.PatchApiAsync("/api/event-types/order.shipped", body), field, status);
        ProblemAssert.IsFault(await tenant.Client.PatchApiAsync("/api/event-types/invoice.paid", new { description = "x" }), "name", 422);
    }

    [Fact]
    public async Task An_example_that_meets_its_schema_is_kept_and_taken_away_by_null()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        await DefineAsync(tenant, "warn");

        Assert.Equal(1, (await tenant.Client.PatchApiAsync("/api/event-types/order.shipped", """{"example":{"amount":1}}"""))["eventType.example.amount"].GetInt32());
        Assert.Equal(1, (await tenant.Client.PatchApiAsync("/api/event-types/order.shipped", "{}"))["eventType.example.amount"].GetInt32());
        Assert.Equal(JsonValueKind.Null, (await tenant.Client.PatchApiAsync("/api/event-types/order.shipped", """{"example":null}"""))["eventType.example"].ValueKind);
    }

    private static IEnumerable<string?> Warnings(JsonElement item) => item.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString());

    private static Task<ApiReply> DefineAsync(HubTenant tenant, string? mode) => tenant.Client.PostApiAsync(
        "/api/event-types", $$"""{"name":"order.shipped","schema":{{Schema}}{{(mode is null ? "" : $",\"schemaMode\":\"{mode}\"")}}}""");
}
