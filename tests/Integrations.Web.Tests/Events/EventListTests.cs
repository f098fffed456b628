using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.Events;

public sealed class EventListTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Pages_have_no_gaps_and_no_repeats_while_new_events_come_in(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var before = await PublishAsync(tenant, "custom.before", 25);
        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await tenant.Client.GetApiAsync($"/api/events?limit=4{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(PublishTests.Ids(page)!);
            cursor = page["nextCursor"].GetString();
            await PublishAsync(tenant, "custom.meanwhile", 3);
        }
        while (cursor is not null);

        Assert.Equal(before.Reverse(), seen);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_last_page_has_no_cursor_also_when_it_is_full(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await PublishAsync(tenant, "custom.a", 4);

        var first = await tenant.Client.GetApiAsync("/api/events?limit=2");
        var second = await tenant.Client.GetApiAsync($"/api/events?limit=2&cursor={first.String("nextCursor")}");

        Assert.Equal(2, PublishTests.Ids(second).Count());
        Assert.Null(second["nextCursor"].GetString());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_type_a_family_or_an_alias_filters(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        foreach (var type in new[] { "contact.created", "contact.updated", "card.viewed", "custom.contact.x", "custom.contactx" })
        {
            await PublishAsync(tenant, type, 1);
        }

        async Task<IEnumerable<string?>> TypesAsync(string filter) =>
            (await tenant.Client.GetApiAsync($"/api/events?type={filter}"))["events"].EnumerateArray().Select(item => item.GetProperty("event").GetString()).Order(StringComparer.Ordinal);

        Assert.Equal(["contact.created"], await TypesAsync("contact.created"));
        Assert.Equal(["contact.created", "contact.updated"], await TypesAsync("contact.*"));
        Assert.Equal(["card.viewed"], await TypesAsync("CARD_VIEW"));
        Assert.Equal(["custom.contact.x"], await TypesAsync("custom.contact.*"));
        Assert.Equal(5, (await TypesAsync("*")).Count());
        Assert.Empty(await TypesAsync("c%25"));
        Assert.Empty(await TypesAsync("custom._ontactx"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task From_and_to_cut_by_the_time_at_which_events_were_accepted(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await PublishAsync(tenant, "custom.a", 1);
        var listed = await tenant.Client.GetApiAsync("/api/events");
        var at = listed["events"][0].GetProperty("createdAt").GetDateTimeOffset().ToUnixTimeMilliseconds();

        async Task<int> CountAsync(string query) => PublishTests.Ids(await tenant.Client.GetApiAsync($"/api/events?{query}")).Count();

        Assert.Equal(1, await CountAsync($"from={at}"));
        Assert.Equal(0, await CountAsync($"to={at}"));
        Assert.Equal(1, await CountAsync($"from={at - 60_000}&to={at + 60_000}"));
        Assert.Equal(0, await CountAsync($"from={at + 60_000}"));
        Assert.Equal(1, await CountAsync("from=1960-01-01"));
        Assert.Equal(0, await CountAsync("to=-5"));
        Assert.Equal(1, await CountAsync($"startDate={DateTimeOffset.FromUnixTimeMilliseconds(at - 60_000):yyyy-MM-ddTHH:mm:ssZ}&endDate=9999-12-31T23:59:59Z"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_event_is_read_by_its_own_id_and_not_by_that_of_another_organization(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var other = await hubs.CreateOrganizationAsync(database);
        await tenant.Client.PostApiAsync("/api/events", new { @event = "custom.a", data = new { }, id = "mine" });
        var anonymous = await tenant.Client.PostApiAsync("/api/events", new { @event = "custom.a", data = new { } });

        Assert.Equal("mine", (await tenant.Client.GetApiAsync("/api/events/mine")).String("event.id"));
        Assert.Equal(200, (await tenant.Client.GetApiAsync($"/api/events/{anonymous.String("id")}")).Status);
        ProblemAssert.IsProblem(await other.Client.GetApiAsync("/api/events/mine"), 404, "own id");
        ProblemAssert.IsProblem(await other.Client.GetApiAsync($"/api/events/{anonymous.String("id")}"), 404, "evt_");
    }

    private static async Task<IReadOnlyList<string>> PublishAsync(HubTenant tenant, string type, int count) =>
        [.. PublishTests.Ids(await tenant.Client.PostApiAsync("/api/events", Enumerable.Range(0, count).Select(_ => new { @event = type, data = new { } })))!];
}
