using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Events;

public sealed class EventTypeTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_type_is_defined_listed_after_the_catalogue_and_deleted(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var created = await tenant.Client.PostApiAsync("/api/event-types", """{"name":"order.shipped","description":"Left.","example":{"a":1.0,"b":"\ud800"}}""");

        Assert.Equal(201, created.Status);
        Assert.Equal("/api/event-types/order.shipped", created.Headers.Location?.ToString());
        var listed = await tenant.Client.GetApiAsync("/api/event-types");
        Assert.Contains("""{"a":1.0,"b":"\ud800"}""", listed.Text, StringComparison.Ordinal);
        var last = listed["eventTypes"].EnumerateArray().Last();
        Assert.Equal("order.shipped", last.GetProperty("name").GetString());
        Assert.True(last.GetProperty("isDefined").GetBoolean());
        Assert.Equal(JsonValueKind.Null, listed["nextCursor"].ValueKind);

        Assert.Equal(200, (await tenant.Client.DeleteApiAsync("/api/event-types/order.shipped")).Status);
        ProblemAssert.IsProblem(await tenant.Client.DeleteApiAsync("/api/event-types/order.shipped"), 404, "deleted");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_name_as_long_as_may_be_is_kept_and_told_in_the_audit_log(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var name = "custom." + new string('x', 121);

        Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/event-types", new { name })).Status);
        Assert.Equal(202, (await tenant.Client.PostApiAsync("/api/events", new { @event = name, data = new { } })).Status);
        Assert.Equal(name, (await tenant.Client.GetApiAsync("/api/audit?action=event_type"))["entries"][0].GetProperty("target").GetProperty("name").GetString());
        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/event-types", new { name = name + "x" }), "name");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_name_is_defined_once_also_at_the_same_moment(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.Client.PostApiAsync("/api/event-types", new { name = "order.shipped" })));

        Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies.Where(reply => reply.Status != 201), reply => ProblemAssert.IsFault(reply, "name", 409));
    }

    [Fact]
    public async Task What_the_catalogue_has_can_be_neither_defined_nor_deleted()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/event-types", new { name = "invoice.paid" }), "name", 409);
        ProblemAssert.IsFault(await tenant.Client.DeleteApiAsync("/api/event-types/invoice.paid"), "name", 422);
    }

    [Fact]
    public async Task The_catalogue_carries_examples_and_tells_what_the_hub_publishes_itself()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var types = (await tenant.Client.GetApiAsync("/api/event-types"))["eventTypes"].EnumerateArray().ToDictionary(type => type.GetProperty("name").GetString()!);

        Assert.Equal(["cardId", "viewerId", "location", "device"], types["card.viewed"].GetProperty("example").EnumerateObject().Select(member => member.Name));
        Assert.False(types["card.viewed"].GetProperty("isPublishedByHub").GetBoolean());
        Assert.True(types["sync.completed"].GetProperty("isPublishedByHub").GetBoolean());
        Assert.All(types.Values, type => Assert.Equal(JsonValueKind.Object, type.GetProperty("example").ValueKind));
    }

    [Theory]
    [InlineData("""{"name":"Order Shipped"}""", "name")]
    [InlineData("""{"name":"order"}""", "name")]
    [InlineData("{}", "name")]
    public async Task A_name_that_is_no_type_is_refused(string body, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/event-types", body), field);
    }
}
