using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Integrations.Web.Tests.Connections;

namespace Integrations.Web.Tests.Sync;

/// <summary>Syncs are started, waited for, read and cancelled over REST.</summary>
public sealed class SyncsApiTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_start_is_accepted_with_the_id_under_which_the_run_is_read(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 3, database);
        Assert.Equal(JsonValueKind.Null, (await stripe.Client.GetApiAsync($"{stripe.Path}/sync"))["sync"].ValueKind);

        var started = await stripe.Client.PostApiAsync($"{stripe.Path}/sync", StripeSync.In);

        Assert.True(started.Status == 202, started.Text);
        Assert.True(started["success"].GetBoolean());
        Assert.Equal("queued", started.String("status"));
        Assert.InRange(started["startedAt"].GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        var id = started.String("syncId");
        Assert.Equal($"/api/syncs/{id}", started.Headers.Location?.OriginalString);
        var ended = await stripe.EndAsync(id);
        Assert.Equal("completed", ended.String("sync.status"));
        Assert.Equal(id, (await stripe.Client.GetApiAsync($"{stripe.Path}/sync")).String("sync.id"));
        Assert.Equal(3, (await stripe.ContactNamesAsync()).Count);
    }

    [Fact]
    public async Task A_run_tells_of_itself_and_of_each_data_type()
    {
        var stripe = await StripeSync.StartAsync(fixture, 4);

        var run = await stripe.RunAsync(new { syncType = "full", dataTypes = (string[])["contacts"], direction = "inbound" });

        Assert.Equal((stripe.Connection, "stripe"), (run.String("sync.connectionId"), run.String("sync.provider")));
        Assert.Equal(("completed", "full", "First key"), (run.String("sync.status"), run.String("sync.syncType"), run.String("sync.startedBy")));
        Assert.True(run["sync.completedAt"].GetDateTimeOffset() >= run["sync.startedAt"].GetDateTimeOffset());
        Assert.Equal((4, 4, 0), (run["sync.recordsProcessed"].GetInt32(), run["sync.recordsSynced"].GetInt32(), run["sync.errors"].GetInt32()));
        Assert.Equal(["contacts"], run["sync.dataTypes"].EnumerateArray().Select(type => type.GetString()));
        var entity = Assert.Single(run["sync.entities"].EnumerateArray());
        Assert.Equal(("contacts", "in", "completed"), (Text(entity, "entityType"), Text(entity, "syncDirection"), Text(entity, "status")));
        Assert.Equal((4, 4, 0), (Number(entity, "recordsSynced"), Number(entity, "recordsCreated"), Number(entity, "recordsFailed")));
        Assert.Null(Text(entity, "errorMessage"));
    }

    [Fact]
    public async Task Prefer_waits_for_the_end_and_not_longer_than_it_says()
    {
        var stripe = await StripeSync.StartAsync(fixture, 2);
        fixture.Sandbox.Provider("stripe").Fail("/v1/customers", "late:3000");

        var early = await stripe.Client.CallAsync(HttpMethod.Post, $"{stripe.Path}/sync", StripeSync.In, ("Prefer", "wait=1"));
        Assert.Equal((202, "wait=1"), (early.Status, Assert.Single(early.Headers.GetValues("Preference-Applied"))));
        var ended = await stripe.EndAsync(early.String("syncId"));
        Assert.Equal("completed", ended.String("sync.status"));

        var waited = await stripe.Client.CallAsync(HttpMethod.Post, $"{stripe.Path}/sync", StripeSync.In, ("Prefer", "respond-async, wait=300"));
        Assert.Equal((200, "wait=30"), (waited.Status, Assert.Single(waited.Headers.GetValues("Preference-Applied"))));
        Assert.Equal("completed", waited.String("sync.status"));
    }

    [Fact]
    public async Task A_second_start_names_the_run_that_is_under_way_and_cancelling_ends_it()
    {
        var stripe = await StripeSync.StartAsync(fixture, 5);
        fixture.Sandbox.Provider("stripe").Fail("/v1/customers", "late:5000");
        var id = (await stripe.Client.PostApiAsync($"{stripe.Path}/sync", StripeSync.In)).String("syncId");

        var second = await stripe.Client.PostApiAsync($"{stripe.Path}/sync");
        ProblemAssert.IsFault(second, "syncId", 409);
        Assert.Equal(id, second.String("syncId"));
        Assert.Equal(id, (await stripe.Client.PostApiAsync("/api/integrations/stripe/sync")).String("syncId"));

        Assert.Equal(200, (await stripe.Client.PostApiAsync($"/api/syncs/{id}/cancel")).Status);
        Assert.Equal("cancelled", (await stripe.EndAsync(id)).String("sync.status"));
        Assert.Empty(await stripe.ContactNamesAsync());
        ProblemAssert.IsProblem(await stripe.Client.PostApiAsync($"/api/syncs/{id}/cancel"), 409, "ended already");
        Assert.Equal(["sync.started", "sync.cancelled"], await stripe.AuditAsync("sync"));
    }

    [Fact]
    public async Task A_start_by_provider_waits_and_answers_in_the_shape_of_earlier_products()
    {
        var stripe = await StripeSync.StartAsync(fixture, 3);
        fixture.Sandbox.Provider("stripe").Rows("products").Reset(2);

        var both = await stripe.Client.PostApiAsync("/api/integrations/STRIPE/sync", new { dataTypes = (string[])["contacts", "products"], direction = "in" });

        Assert.True(both.Status == 201, both.Text);
        Assert.True(both["success"].GetBoolean());
        Assert.Equal(("Stripe sync completed", "completed"), (both.String("message"), both.String("status")));
        Assert.Equal((3, 2), (both["contactsSynced"].GetInt32(), both["productsSynced"].GetInt32()));
        Assert.Equal(both.String("syncId"), both.String("sync.id"));
        Assert.Equal($"/api/syncs/{both.String("syncId")}", both.Headers.Location?.OriginalString);

        stripe.Customers.Create(1);
        var one = await stripe.Client.PostApiAsync("/api/integrations/stripe/sync/contacts", new { syncType = "full", direction = "in" });
        Assert.True(one.Status == 201, one.Text);
        Assert.Equal(4, one["contactsSynced"].GetInt32());
        Assert.False(one.Body.TryGetProperty("productsSynced", out _));
    }

    [Fact]
    public async Task A_start_by_provider_that_takes_long_is_accepted()
    {
        var stripe = await StripeSync.StartAsync(fixture, 2);
        fixture.Sandbox.Provider("stripe").Fail("/v1/customers", "late:3000");

        var accepted = await stripe.Client.CallAsync(HttpMethod.Post, "/api/integrations/stripe/sync/contacts", new { direction = "in" }, ("Prefer", "wait=1"));

        Assert.True(accepted.Status == 202, accepted.Text);
        Assert.Equal("completed", (await stripe.EndAsync(accepted.String("syncId"))).String("sync.status"));
    }

    [Fact]
    public async Task The_status_of_a_provider_is_its_newest_run()
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);
        Assert.Equal(JsonValueKind.Null, (await stripe.Client.GetApiAsync("/api/integrations/stripe/sync-status"))["sync"].ValueKind);

        await stripe.RunAsync();
        var newest = await stripe.RunAsync();

        Assert.Equal(newest.String("sync.id"), (await stripe.Client.GetApiAsync("/api/integrations/stripe/sync-status")).String("sync.id"));
        ProblemAssert.IsProblem(await stripe.Client.GetApiAsync("/api/integrations/xero/sync-status"), 404, "not connected");
        ProblemAssert.IsProblem(await stripe.Client.PostApiAsync("/api/integrations/nobody/sync"), 404, "no provider");
    }

    [Theory]
    [InlineData("""{"syncType":"sometimes"}""", "syncType")]
    [InlineData("""{"direction":"sideways"}""", "direction")]
    [InlineData("""{"dataTypes":["contacts","horses"]}""", "dataTypes")]
    [InlineData("""{"dataTypes":[null]}""", "dataTypes")]
    [InlineData("""{"dataTypes":"contacts"}""", "dataTypes")]
    [InlineData("""{"types":["contacts"]}""", "types")]
    public async Task A_malformed_start_is_refused_at_its_field(string body, string field)
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);

        ProblemAssert.IsFault(await stripe.Client.PostApiAsync($"{stripe.Path}/sync", body), field);
        ProblemAssert.IsFault(await stripe.Client.PostApiAsync("/api/integrations/stripe/sync", body), field);

        Assert.Empty((await stripe.Client.GetApiAsync("/api/syncs"))["syncs"].EnumerateArray());
    }

    [Fact]
    public async Task A_data_type_of_the_path_has_to_be_the_provider_s()
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);

        ProblemAssert.IsFault(await stripe.Client.PostApiAsync("/api/integrations/stripe/sync/horses"), "dataTypes");
        ProblemAssert.IsFault(await stripe.Client.PostApiAsync("/api/integrations/stripe/sync/payments", new { direction = "out" }), "dataTypes", 422);
    }

    [Fact]
    public async Task The_eleventh_start_within_a_minute_is_refused_until_the_first_is_a_minute_old()
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);
        for (var i = 0; i < 10; i++)
        {
            await stripe.RunAsync();
        }

        var refused = await stripe.Client.PostApiAsync($"{stripe.Path}/sync", StripeSync.In);

        ProblemAssert.IsProblem(refused, 429, "the eleventh");
        Assert.InRange(refused["retryAfter"].GetInt32(), 1, 60);
        Assert.Equal(TimeSpan.FromSeconds(refused["retryAfter"].GetInt32()), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(10, (await stripe.Client.GetApiAsync($"{stripe.Path}/syncs"))["syncs"].GetArrayLength());
    }

    [Fact]
    public async Task A_start_with_the_same_idempotency_key_is_one_run()
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);

        var first = await stripe.Client.CallAsync(HttpMethod.Post, $"{stripe.Path}/sync", StripeSync.In, ("Idempotency-Key", "start"));
        var again = await stripe.Client.CallAsync(HttpMethod.Post, $"{stripe.Path}/sync", StripeSync.In, ("Idempotency-Key", "start"));
        Assert.Equal((202, first.Text), (again.Status, again.Text));

        await stripe.EndAsync(first.String("syncId"));
        Assert.Single((await stripe.Client.GetApiAsync($"{stripe.Path}/syncs"))["syncs"].EnumerateArray());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
