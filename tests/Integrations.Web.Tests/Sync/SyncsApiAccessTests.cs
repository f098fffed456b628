using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Integrations.Web.Tests.Connections;

namespace Integrations.Web.Tests.Sync;

/// <summary>Deletes that wait for a word, and who may do what with syncs over REST.</summary>
public sealed class SyncsApiAccessTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    private const int Rows = 60;
    private const int Gone = 25;

    private static readonly object _full = new { syncType = "full", dataTypes = (string[])["contacts"], direction = "in" };

    [Theory, OnSqlite, OnPostgres]
    public async Task Deletes_that_wait_are_listed_and_done_when_they_are_approved(DatabaseProvider database)
    {
        var stripe = await MissingAsync(database);
        Assert.Equal(Rows, (await stripe.ContactNamesAsync()).Count);

        var approved = await stripe.Client.PostApiAsync($"{stripe.Path}/pending-deletes/approve", new { dataType = "contacts" });

        Assert.True(approved.Status == 200, approved.Text);
        Assert.Contains($"{Gone} ", approved.String("message"), StringComparison.Ordinal);
        Assert.Equal(Rows - Gone, (await stripe.ContactNamesAsync()).Count);
        Assert.Empty(await PendingAsync(stripe));
        ProblemAssert.IsFault(await stripe.Client.PostApiAsync($"{stripe.Path}/pending-deletes/approve", new { dataType = "contacts" }), "dataType", 422);
        Assert.Equal("sync.deletes_approved", (await stripe.AuditAsync("sync"))[^1]);
    }

    [Fact]
    public async Task Deletes_that_are_rejected_leave_the_records()
    {
        var stripe = await MissingAsync(DatabaseProvider.Sqlite);

        Assert.Equal(200, (await stripe.Client.PostApiAsync($"{stripe.Path}/pending-deletes/reject", new { dataType = "contacts" })).Status);

        Assert.Equal(Rows, (await stripe.ContactNamesAsync()).Count);
        Assert.Empty(await PendingAsync(stripe));
        Assert.Equal("sync.deletes_rejected", (await stripe.AuditAsync("sync"))[^1]);
    }

    [Theory]
    [InlineData("{}", "dataType")]
    [InlineData("""{"dataType":null}""", "dataType")]
    [InlineData("""{"dataType":7}""", "dataType")]
    [InlineData("""{"type":"contacts"}""", "type")]
    public async Task A_decision_names_its_data_type(string body, string field)
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);

        ProblemAssert.IsFault(await stripe.Client.PostApiAsync($"{stripe.Path}/pending-deletes/approve", body), field);
        ProblemAssert.IsFault(await stripe.Client.PostApiAsync($"{stripe.Path}/pending-deletes/reject", body), field);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_organization_s_connection_and_run_are_not_there(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, 1, database);
        var run = $"/api/syncs/{(await stripe.RunAsync()).String("sync.id")}";
        var (_, other) = await fixture.StartAsync(database);
        var decision = new { dataType = "contacts" };

        (HttpMethod, string, object?)[] calls =
        [
            (HttpMethod.Post, $"{stripe.Path}/sync", StripeSync.In),
            (HttpMethod.Get, $"{stripe.Path}/sync", null),
            (HttpMethod.Get, $"{stripe.Path}/syncs", null),
            (HttpMethod.Get, $"{stripe.Path}/mappings", null),
            (HttpMethod.Put, $"{stripe.Path}/mappings/contacts", new { fields = new[] { new { source = "name", target = "name" } } }),
            (HttpMethod.Delete, $"{stripe.Path}/mappings/contacts", null),
            (HttpMethod.Get, $"{stripe.Path}/pending-deletes", null),
            (HttpMethod.Post, $"{stripe.Path}/pending-deletes/approve", decision),
            (HttpMethod.Post, $"{stripe.Path}/pending-deletes/reject", decision),
            (HttpMethod.Post, "/api/integrations/stripe/sync", StripeSync.In),
            (HttpMethod.Get, "/api/integrations/stripe/sync-status", null),
            (HttpMethod.Get, run, null),
            (HttpMethod.Get, $"{run}/errors", null),
            (HttpMethod.Post, $"{run}/cancel", null),
            (HttpMethod.Post, $"{run}/retry-failed", null),
        ];
        foreach (var (method, path, body) in calls)
        {
            ProblemAssert.IsProblem(await other.Client.CallAsync(method, path, body), 404, $"{method} {path}");
        }

        Assert.Empty((await other.Client.GetApiAsync("/api/syncs"))["syncs"].EnumerateArray());
    }

    [Fact]
    public async Task Reading_needs_one_scope_and_starting_another()
    {
        var stripe = await StripeSync.StartAsync(fixture, 0);
        using var reader = await stripe.Tenant.CreateClientAsync(Scopes.SyncRead);
        using var writer = await stripe.Tenant.CreateClientAsync(Scopes.SyncWrite);
        using var records = await stripe.Tenant.CreateClientAsync(Scopes.RecordsRead);

        var refused = await reader.PostApiAsync($"{stripe.Path}/sync", StripeSync.In);
        ProblemAssert.IsProblem(refused, 403, "sync:write is missing");
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"sync:write\"", refused.Headers.WwwAuthenticate.ToString());
        ProblemAssert.IsProblem(await writer.GetApiAsync("/api/syncs"), 403, "sync:read is missing");
        ProblemAssert.IsProblem(await records.GetApiAsync($"{stripe.Path}/sync"), 403, "sync:read is missing");

        // Whoever may start may also hear how it went.
        var ended = await writer.CallAsync(HttpMethod.Post, $"{stripe.Path}/sync", StripeSync.In, ("Prefer", "wait=30"));
        Assert.Equal("completed", ended.String("sync.status"));
        Assert.Equal(201, (await writer.PostApiAsync("/api/integrations/stripe/sync/contacts", new { direction = "in" })).Status);
        Assert.Equal(2, (await reader.GetApiAsync("/api/syncs"))["syncs"].GetArrayLength());
    }

    [Fact]
    public async Task A_start_is_audited_with_what_it_syncs()
    {
        var stripe = await StripeSync.StartAsync(fixture, 1);
        var run = await stripe.RunAsync();

        var entry = Assert.Single((await stripe.Client.GetApiAsync("/api/audit?action=sync.started"))["entries"].EnumerateArray());

        Assert.Equal(run.String("sync.id"), entry.GetProperty("target").GetProperty("id").GetString());
        Assert.Equal("First key", entry.GetProperty("actor").GetProperty("name").GetString());
        Assert.Equal("contacts In", entry.GetProperty("after").GetProperty("parts")[0].GetString());
    }

    private async Task<StripeSync> MissingAsync(DatabaseProvider database)
    {
        var stripe = await StripeSync.StartAsync(fixture, Rows, database);
        await stripe.RunAsync();
        stripe.Customers.Delete(Gone);
        Assert.Equal("completed", (await stripe.RunAsync(_full)).String("sync.status"));
        Assert.Equal([("contacts", Gone)], await PendingAsync(stripe));
        return stripe;
    }

    private static async Task<IEnumerable<(string?, int)>> PendingAsync(StripeSync stripe) =>
        (await stripe.Client.GetApiAsync($"{stripe.Path}/pending-deletes"))["pendingDeletes"].EnumerateArray()
            .Select(row => (row.GetProperty("dataType").GetString(), row.GetProperty("count").GetInt32()));
}
