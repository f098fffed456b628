using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.ApiKeys;

public sealed class ApiKeyTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_is_shown_once_and_masked_ever_after(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var created = await tenant.Client.PostApiAsync("/api/keys", new { name = "  Shop ", scopes = (string[])["events:write", "webhooks:read", "events:write"] });

        Assert.Equal(201, created.Status);
        var key = created.String("key");
        Assert.Matches("^sk_[A-Za-z0-9]{49}$", key);
        Assert.Equal(created.String("keyId"), created.String("apiKey.id"));
        Assert.Equal($"/api/keys/{created.String("keyId")}", created.Headers.Location?.ToString());
        Assert.Equal("Shop", created.String("apiKey.name"));
        Assert.Equal(["events:write", "webhooks:read"], created["apiKey.scopes"].EnumerateArray().Select(scope => scope.GetString()));
        foreach (var path in new[] { $"/api/keys/{created.String("keyId")}", "/api/keys", "/api/audit" })
        {
            Assert.DoesNotContain(key, (await tenant.Client.GetApiAsync(path)).Text, StringComparison.Ordinal);
        }

        var read = await tenant.Client.GetApiAsync($"/api/keys/{created.String("keyId")}");
        Assert.Equal($"{key[..8]}…{key[^4..]}", read.String("apiKey.masked"));
        Assert.Equal("First key", read.String("apiKey.createdBy"));
    }

    [Theory]
    [InlineData("users:read", "records:read")]
    [InlineData("payments:read", "records:read")]
    [InlineData("projects:read", "records:read")]
    [InlineData("data:read", "records:read")]
    [InlineData("users:write", "records:write")]
    [InlineData("projects:write", "records:write")]
    [InlineData("analytics:read", "logs:read")]
    public async Task The_scope_names_of_an_earlier_product_are_taken(string alias, string scope)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var created = await tenant.Client.PostApiAsync("/api/keys", new { name = "Alias", scopes = (string[])[alias] });

        Assert.Equal(scope, created["apiKey.scopes"][0].GetString());
    }

    [Theory]
    [InlineData("""{"scopes":["events:read"]}""", "name")]
    [InlineData("""{"name":" ","scopes":["events:read"]}""", "name")]
    [InlineData("""{"name":"a"}""", "scopes")]
    [InlineData("""{"name":"a","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"a","scopes":["read:payments"]}""", "scopes[0]")]
    [InlineData("""{"name":"a","scopes":["events:read",null]}""", "scopes[1]")]
    [InlineData("""{"name":"a","scopes":["events:read"],"expiresAt":"2001-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"a","scopes":["events:read"],"expiresAt":"soon"}""", "expiresAt")]
    public async Task What_is_wrong_with_a_new_key_is_told_at_its_field(string body, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync("/api/keys", body), field);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_revoked_key_is_refused_at_its_next_call(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        var tenant = await hub.CreateOrganizationAsync();
        var created = await tenant.Client.PostApiAsync("/api/keys", new { name = "Short life", scopes = (string[])["events:read"] });
        using var client = hub.CreateClient(created.String("key"));
        Assert.Equal(200, (await client.GetApiAsync("/api/events")).Status);

        Assert.Equal(200, (await tenant.Client.DeleteApiAsync($"/api/keys/{created.String("keyId")}")).Status);

        var refused = await client.GetApiAsync("/api/events");
        ProblemAssert.IsProblem(refused, 401, "revoked");
        Assert.Contains("revoked", refused.Error, StringComparison.Ordinal);
        Assert.NotNull((await tenant.Client.GetApiAsync($"/api/keys/{created.String("keyId")}")).String("apiKey.revokedAt"));
        ProblemAssert.IsProblem(await tenant.Client.DeleteApiAsync($"/api/keys/{created.String("keyId")}"), 404, "revoked twice");
    }

    [Fact]
    public async Task A_key_ends_when_it_expires()
    {
        var clock = new FakeClock(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Time = clock });
        var created = await hub.Client.PostApiAsync("/api/keys", new { name = "A day", scopes = (string[])["events:read"], expiresAt = clock.GetUtcNow().AddDays(1) });
        using var client = hub.CreateClient(created.String("key"));

        clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await client.GetApiAsync("/api/events")).Status);
        clock.Advance(TimeSpan.FromSeconds(1));

        var refused = await client.GetApiAsync("/api/events");
        ProblemAssert.IsProblem(refused, 401, "expired");
        Assert.Contains("expired", refused.Error, StringComparison.Ordinal);
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_a_date_ends_after_a_year()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var created = await tenant.Client.PostApiAsync("/api/keys", new { name = "A year", scopes = (string[])["events:read"] });

        Assert.Equal(created["apiKey.createdAt"].GetDateTimeOffset().AddDays(365), created["apiKey.expiresAt"].GetDateTimeOffset(), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_key_is_taken_from_either_header()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();

        Assert.Equal(200, (await client.CallAsync(HttpMethod.Get, "/api/me", null, ("X-API-Key", HubApp.OwnerKey))).Status);
        Assert.Equal(200, (await client.CallAsync(HttpMethod.Get, "/api/me", null, ("Authorization", $"bearer {HubApp.OwnerKey}"))).Status);
        Assert.Equal(200, (await client.CallAsync(HttpMethod.Get, "/api/me", null, ("Authorization", $"Bearer {HubApp.OwnerKey}"), ("X-API-Key", HubApp.OwnerKey))).Status);
    }

    [Fact]
    public async Task Two_headers_with_different_keys_are_refused()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await hub.Client.CallAsync(HttpMethod.Get, "/api/me", null, ("X-API-Key", "sk_" + new string('x', 40))), "X-API-Key");
    }

    [Theory]
    [InlineData("Bearer sk_short")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("sk_OwnerOwnerOwnerOwnerOwnerOwnerOwnerOwner01")]
    public async Task What_is_no_key_is_401(string header)
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        using var client = hub.CreateClient();

        var reply = await client.CallAsync(HttpMethod.Get, "/api/me", null, ("Authorization", header));

        ProblemAssert.IsProblem(reply, 401, header);
        Assert.NotEmpty(reply.Headers.WwwAuthenticate);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_cannot_make_a_key_that_may_do_more(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        using var client = await tenant.CreateClientAsync(Scopes.KeysAdmin, Scopes.EventsRead);

        Assert.Equal(201, (await client.PostApiAsync("/api/keys", new { name = "Less", scopes = (string[])["events:read"] })).Status);
        foreach (var scope in new[] { "events:write", "admin:*" })
        {
            var refused = await client.PostApiAsync("/api/keys", new { name = "More", scopes = (string[])["events:read", scope] });

            ProblemAssert.IsProblem(refused, 403, scope);
            Assert.Contains($"scope=\"{scope}\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_organization_has_at_most_ten_keys_that_work(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var body = new { name = "One of many", scopes = (string[])["events:read"] };
        ApiReply last = await tenant.Client.PostApiAsync("/api/keys", body);
        for (var i = 2; i < 10; i++)
        {
            last = await tenant.Client.PostApiAsync("/api/keys", body);
        }

        ProblemAssert.IsProblem(await tenant.Client.PostApiAsync("/api/keys", body), 422, "the eleventh");
        await tenant.Client.DeleteApiAsync($"/api/keys/{last.String("keyId")}");
        Assert.Equal(201, (await tenant.Client.PostApiAsync("/api/keys", body)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task When_a_key_was_last_used_is_shown(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var listed = await tenant.Client.GetApiAsync("/api/keys");

        Assert.NotEqual(default, listed["apiKeys"][0].GetProperty("lastUsedAt").GetDateTimeOffset());
    }
}
