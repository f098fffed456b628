using Integrations.Core.Storage;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Web.Tests.Api;

public sealed class IdempotencyTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private static readonly object _key = new { name = "Made once", scopes = (string[])["events:read"] };

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_request_again_gets_the_same_answer_with_the_secret_and_makes_nothing(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var first = await PostAsync(tenant.Client, "/api/keys", _key, "once");
        var second = await PostAsync(tenant.Client, "/api/keys", _key, "once");

        Assert.Equal(201, first.Status);
        Assert.Equal(201, second.Status);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.ContentType, second.ContentType);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.True(second.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(2, (await tenant.Client.GetApiAsync("/api/keys"))["apiKeys"].GetArrayLength());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_request_under_the_same_key_is_a_conflict(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await PostAsync(tenant.Client, "/api/keys", _key, "once");

        ProblemAssert.IsFault(await PostAsync(tenant.Client, "/api/keys", new { name = "Other", scopes = (string[])["events:read"] }, "once"), "Idempotency-Key", 409);
        ProblemAssert.IsFault(await PostAsync(tenant.Client, "/api/event-types", new { name = "a.b" }, "once"), "Idempotency-Key", 409);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_key_at_the_same_moment_makes_one_thing(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync(tenant.Client, "/api/keys", _key, "race")));

        Assert.All(replies, reply => Assert.True(reply.Status is 201 or 409, reply.ToString()));
        Assert.Single(replies.Where(reply => reply.Status == 201).Select(reply => reply.Text).Distinct(StringComparer.Ordinal));
        Assert.Equal(2, (await tenant.Client.GetApiAsync("/api/keys"))["apiKeys"].GetArrayLength());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_refused_request_leaves_its_key_free(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        Assert.Equal(400, (await PostAsync(tenant.Client, "/api/keys", new { name = "" }, "mended")).Status);
        Assert.Equal(201, (await PostAsync(tenant.Client, "/api/keys", _key, "mended")).Status);
    }

    [Fact]
    public async Task Two_organizations_may_use_the_same_key()
    {
        var one = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var other = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        Assert.Equal(201, (await PostAsync(one.Client, "/api/keys", _key, "shared")).Status);
        Assert.Equal(201, (await PostAsync(other.Client, "/api/keys", new { name = "Another", scopes = (string[])["events:read"] }, "shared")).Status);
    }

    [Fact]
    public async Task Every_route_that_creates_takes_a_key()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        (string Path, object Body)[] creating =
        [
            ("/api/keys", _key),
            ("/api/event-types", new { name = "order.shipped" }),
            ("/api/webhooks", new { url = "http://localhost:9/", events = (string[])["*"] }),
            ("/api/integrations/webhooks", new { url = "http://localhost:9/", events = (string[])["*"] }),
            ("/api/events", new { @event = "custom.a", data = new { } }),
            ("/api/integrations/api-keys", new { name = "Stripe", value = "sk_test_0123456789abcdef" }),
            ("/api/integrations/connections", new { service = "custom", webhookUrl = "http://localhost:9/a" }),
            ("/api/integrations/connect", new { provider = "custom", webhookUrl = "http://localhost:9/b" }),
            ("/api/integrations/custom/connect", new { webhookUrl = "http://localhost:9/c" }),
        ];
        foreach (var (path, body) in creating)
        {
            var first = await PostAsync(tenant.Client, path, body, "key-" + path);

            Assert.True(first.Status is 201 or 202, first.ToString());
            Assert.Equal(first.Text, (await PostAsync(tenant.Client, path, body, "key-" + path)).Text);
        }
    }

    [Theory]
    [InlineData("ä")]
    [InlineData("a b")]
    public async Task A_key_must_be_printable_ASCII(string key)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await PostAsync(tenant.Client, "/api/keys", _key, key), "Idempotency-Key");
        ProblemAssert.IsFault(await PostAsync(tenant.Client, "/api/keys", _key, new string('x', 256)), "Idempotency-Key");
    }

    [Fact]
    public async Task A_key_is_free_again_after_24_hours()
    {
        var clock = new FakeClock(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Time = clock });
        var first = await PostAsync(hub.Client, "/api/keys", _key, "once");

        clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(first.Text, (await PostAsync(hub.Client, "/api/keys", _key, "once")).Text);
        clock.Advance(TimeSpan.FromSeconds(1));
        var later = await PostAsync(hub.Client, "/api/keys", _key, "once");

        Assert.Equal(201, later.Status);
        Assert.NotEqual(first.Text, later.Text);
    }

    [Fact]
    public async Task A_stored_answer_is_encrypted()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        var tenant = await hub.CreateOrganizationAsync();
        await PostAsync(tenant.Client, "/api/keys", _key, "once");

        await using var db = hub.OpenDatabase(tenant.Owner);
        var stored = await db.IdempotentAnswers.SingleAsync();

        Assert.NotNull(stored.Body);
        Assert.DoesNotContain("sk_", System.Text.Encoding.Latin1.GetString(stored.Body), StringComparison.Ordinal);
    }

    private static Task<ApiReply> PostAsync(HttpClient client, string path, object body, string key) => client.CallAsync(HttpMethod.Post, path, body, ("Idempotency-Key", key));
}
