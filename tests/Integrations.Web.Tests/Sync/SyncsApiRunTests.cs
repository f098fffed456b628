using System.Text.Json;
using Integrations.Core.Storage;
using Integrations.Core.Sync;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Integrations.Web.Tests.Connections;

namespace Integrations.Web.Tests.Sync;

/// <summary>What runs leave to read: lists of them, the rows that failed, conflicts; and trying again.</summary>
public sealed class SyncsApiRunTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    private static readonly DateTimeOffset _noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, OnSqlite, OnPostgres]
    public async Task Runs_are_listed_newest_first_by_filters_and_in_pages(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 0, database);
        var completed = await AddAsync(stripe, SyncStatus.Completed, _noon);
        var failed = await AddAsync(stripe, SyncStatus.Failed, _noon.AddHours(1));
        var partial = await AddAsync(stripe, SyncStatus.Partial, _noon.AddHours(2));
        await AddAsync(stripe, SyncStatus.Cancelled, _noon.AddHours(3), provider: "xero");

        Assert.Equal([partial, failed, completed], await IdsAsync("provider=stripe"));
        Assert.Equal([completed], await IdsAsync("status=success"));
        Assert.Equal([failed], await IdsAsync("status=ERROR"));
        Assert.Equal([partial], await IdsAsync("status=partial&provider=STRIPE"));
        Assert.Empty(await IdsAsync("status=running"));
        Assert.Equal([partial, failed], await IdsAsync("provider=stripe&from=2026-03-01T13:00:00Z"));
        Assert.Equal([failed, completed], await IdsAsync("to=2026-03-01T14:00:00Z"));
        Assert.Equal([failed], await IdsAsync($"startDate={_noon.AddMinutes(1).ToUnixTimeMilliseconds()}&endDate={_noon.AddMinutes(90).ToUnixTimeMilliseconds()}"));
        Assert.Equal(4, (await stripe.Client.GetApiAsync($"{stripe.Path}/syncs"))["syncs"].GetArrayLength());
        Assert.Equal([partial], Ids(await stripe.Client.GetApiAsync($"{stripe.Path}/syncs?status=partial")));

        var first = await stripe.Client.GetApiAsync("/api/syncs?provider=stripe&limit=2");
        Assert.Equal([partial, failed], Ids(first));
        var last = await stripe.Client.GetApiAsync($"/api/syncs?provider=stripe&limit=2&cursor={first.String("nextCursor")}");
        Assert.Equal([completed], Ids(last));
        Assert.Equal(JsonValueKind.Null, last["nextCursor"].ValueKind);

        async Task<IEnumerable<string?>> IdsAsync(string query) => Ids(await stripe.Client.GetApiAsync($"/api/syncs?{query}"));
    }

    [Theory]
    [InlineData("status=sometimes", "status")]
    [InlineData("provider=nobody", "provider")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=nowhere", "cursor")]
    [InlineData("from=yesterday", "from")]
    [InlineData("endDate=tomorrow", "endDate")]
    public async Task A_malformed_filter_is_refused_at_its_name(string query, string field)
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.GetApiAsync($"/api/syncs?{query}"), field);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_row_that_could_not_be_taken_is_told_with_what_it_was_and_is_tried_again(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 4, database);
        stripe.Customers.Edit(2, ("email", "not an address"), ("name", "Ada Faulty"));
        var run = await stripe.RunAsync();
        var id = run.String("sync.id");
        Assert.Equal(("partial", 1, 3), (run.String("sync.status"), run["sync.errors"].GetInt32(), run["sync.recordsSynced"].GetInt32()));
        Assert.Equal(1, run["sync.entities"][0].GetProperty("recordsFailed").GetInt32());

        var errors = await stripe.Client.GetApiAsync($"/api/syncs/{id}/errors");

        var error = Assert.Single(errors["errors"].EnumerateArray());
        Assert.Equal(stripe.Customers.IdOf(2), error.GetProperty("externalId").GetString());
        Assert.Equal(("error", "contacts", "in"), (Text(error, "kind"), Text(error, "entityType"), Text(error, "syncDirection")));
        Assert.Contains("email must be an e-mail address", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal("not an address", error.GetProperty("payload").GetProperty("email").GetString());
        Assert.Equal(JsonValueKind.Null, error.GetProperty("resolvedAt").ValueKind);
        Assert.Empty((await stripe.Client.GetApiAsync($"/api/syncs/{id}/errors?kind=conflict"))["errors"].EnumerateArray());
        Assert.Empty((await stripe.Client.GetApiAsync($"/api/syncs/{id}/errors?to=2026-01-01"))["errors"].EnumerateArray());
        ProblemAssert.IsFault(await stripe.Client.GetApiAsync($"/api/syncs/{id}/errors?kind=warning"), "kind");

        await LeaveOutAsync(stripe, "email");
        var again = await stripe.WaitingAsync($"/api/syncs/{id}/retry-failed");

        Assert.True(again.Status == 200, again.Text);
        Assert.Equal(("completed", "retry", id), (again.String("sync.status"), again.String("sync.syncType"), again.String("sync.retryOf")));
        Assert.Contains("Ada Faulty", await stripe.ContactNamesAsync());
        Assert.NotEqual(JsonValueKind.Null, (await stripe.Client.GetApiAsync($"/api/syncs/{id}/errors"))["errors"][0].GetProperty("resolvedAt").ValueKind);
        ProblemAssert.IsProblem(await stripe.Client.PostApiAsync($"/api/syncs/{id}/retry-failed"), 422, "nothing is left");
    }

    [Fact]
    public async Task Trying_again_is_accepted_once_for_an_idempotency_key()
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);
        stripe.Customers.Edit(0, ("email", "not an address"));
        var id = (await stripe.RunAsync()).String("sync.id");

        var first = await stripe.Client.CallAsync(HttpMethod.Post, $"/api/syncs/{id}/retry-failed", null, ("Idempotency-Key", "again"));
        var second = await stripe.Client.CallAsync(HttpMethod.Post, $"/api/syncs/{id}/retry-failed", null, ("Idempotency-Key", "again"));

        Assert.Equal((202, first.Text), (second.Status, second.Text));
        Assert.Equal("partial", (await stripe.EndAsync(first.String("syncId"))).String("sync.status"));
    }

    [Fact]
    public async Task A_schedule_counts_by_its_time_zone()
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);

        var wrong = await stripe.Client.PatchApiAsync(stripe.Path, new { settings = new { timeZone = "Mars/Olympus" } });
        Assert.Equal(400, wrong.Status);
        Assert.Contains("settings.timeZone", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("Asia/Kuala_Lumpur", wrong.Text, StringComparison.Ordinal);

        Assert.Equal(200, (await stripe.Client.PatchApiAsync(stripe.Path, new { settings = new { syncFrequency = "daily", timeZone = "Asia/Kuala_Lumpur" } })).Status);
        var connection = await stripe.Client.GetApiAsync(stripe.Path);
        Assert.Equal("Asia/Kuala_Lumpur", connection.String("connection.settings.timeZone"));
        Assert.Equal(18, connection["connection.nextSyncAt"].GetDateTimeOffset().UtcDateTime.Hour);
    }

    [Fact]
    public async Task A_record_that_both_sides_changed_is_a_conflict_and_not_an_error()
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);
        Assert.Equal(200, (await stripe.Client.PatchApiAsync(stripe.Path, new { settings = new { conflictPolicy = "provider" } })).Status);
        await stripe.RunAsync();
        var contact = (await stripe.Client.GetApiAsync("/api/contacts"))["contacts"][0].GetProperty("id").GetString();
        await stripe.Client.PatchApiAsync($"/api/contacts/{contact}", new { phone = "+1 555 0100" });
        stripe.Customers.Edit(0, ("phone", "+44 20 0100"));

        var run = await stripe.RunAsync(new { syncType = "full", dataTypes = (string[])["contacts"], direction = "in" });

        Assert.Equal(("completed", 0, 1), (run.String("sync.status"), run["sync.errors"].GetInt32(), run["sync.conflicts"].GetInt32()));
        var errors = $"/api/syncs/{run.String("sync.id")}/errors";
        Assert.Empty((await stripe.Client.GetApiAsync(errors))["errors"].EnumerateArray());
        var conflict = Assert.Single((await stripe.Client.GetApiAsync($"{errors}?kind=CONFLICT"))["errors"].EnumerateArray());
        Assert.Equal(("conflict", contact), (Text(conflict, "kind"), Text(conflict, "recordId")));
        Assert.Equal("+44 20 0100", (await stripe.Client.GetApiAsync($"/api/contacts/{contact}")).String("contact.phone"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Errors_come_in_pages(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 3, database);
        for (var i = 0; i < 3; i++)
        {
            stripe.Customers.Edit(i, ("email", $"wrong {i}"));
        }

        var path = $"/api/syncs/{(await stripe.RunAsync()).String("sync.id")}/errors?limit=2";
        var first = await stripe.Client.GetApiAsync(path);
        var last = await stripe.Client.GetApiAsync($"{path}&cursor={first.String("nextCursor")}");

        Assert.Equal((2, 1), (first["errors"].GetArrayLength(), last["errors"].GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, last["nextCursor"].ValueKind);
    }

    private static async Task LeaveOutAsync(StripeSync stripe, string target)
    {
        var mapping = (await stripe.Client.GetApiAsync($"{stripe.Path}/mappings"))["mappings"].EnumerateArray().First(type => Text(type, "dataType") == "contacts");
        var fields = mapping.GetProperty("fields").EnumerateArray().Where(field => Text(field, "target") != target).ToList();
        var set = await stripe.Client.CallAsync(HttpMethod.Put, $"{stripe.Path}/mappings/contacts", new { fields });
        Assert.True(set.Status == 200, set.Text);
    }

    private static async Task<string> AddAsync(StripeSync stripe, SyncStatus status, DateTimeOffset at, string provider = "stripe")
    {
        Assert.True(PublicId.TryParse(PublicId.Connection, stripe.Connection, out var connection));
        await using var db = stripe.Hub.OpenDatabase(stripe.Tenant.Owner);
        SyncRun run = new()
        {
            Id = Guid.CreateVersion7(at),
            OrganizationId = stripe.Tenant.OrganizationId,
            ConnectionId = connection,
            Provider = provider,
            Type = SyncType.Incremental,
            Status = status,
            StartedBy = "test",
            CreatedAt = at,
            CompletedAt = at,
        };
        db.SyncRuns.Add(run);
        await db.SaveChangesAsync();
        return PublicId.Format(PublicId.SyncRun, run.Id);
    }

    private static IEnumerable<string?> Ids(ApiReply reply) => reply["syncs"].EnumerateArray().Select(run => Text(run, "id"));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
