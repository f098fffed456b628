using System.Text.Json;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;

namespace Integrations.Web.Tests.StoredKeys;

public sealed class StoredKeyApiTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private const string Path = "/api/integrations/api-keys";
    private const string Value = "sk_live_canary0123456789abcd";

    [Theory, OnSqlite, OnPostgres]
    public async Task A_stored_key_is_shown_masked_from_the_first_answer_on(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);

        var created = await tenant.Client.PostApiAsync(Path, new { name = "  Shop ", value = $" {Value}\n", provider = "STRIPE" });

        Assert.Equal(201, created.Status);
        var id = created.String("apiKey.id");
        Assert.StartsWith("skey_", id, StringComparison.Ordinal);
        Assert.Equal($"{Path}/{id}", created.Headers.Location?.ToString());
        Assert.Equal(
            ["id", "name", "masked", "provider", "service", "createdAt", "updatedAt", "lastUsedAt"], created["apiKey"].EnumerateObject().Select(member => member.Name));
        Assert.Equal("Shop", created.String("apiKey.name"));
        Assert.Equal("sk_…abcd", created.String("apiKey.masked"));
        Assert.Equal("stripe", created.String("apiKey.provider"));
        Assert.Equal(JsonValueKind.Null, created["apiKey.lastUsedAt"].ValueKind);
        var read = await tenant.Client.GetApiAsync($"{Path}/{id}");
        var list = await tenant.Client.GetApiAsync(Path);
        Assert.Equal(created["apiKey"].GetRawText(), read["apiKey"].GetRawText());
        Assert.Equal(created["apiKey"].GetRawText(), list["apiKeys"][0].GetRawText());
        Assert.Equal(JsonValueKind.Null, list["nextCursor"].ValueKind);
        Assert.All([created, read, list, await tenant.Client.GetApiAsync("/api/audit")], reply => Assert.DoesNotContain("canary", reply.Text, StringComparison.Ordinal));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_change_keeps_what_it_does_not_name(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var id = await CreateAsync(tenant, "Shop", "stripe");

        var renamed = await PutAsync(tenant, id, new { name = "Store" });
        Assert.Equal(("Store", "sk_…abcd", "stripe"), (renamed.String("apiKey.name"), renamed.String("apiKey.masked"), renamed.String("apiKey.provider")));
        var moved = await PutAsync(tenant, id, new { value = "SG.0123456789abcdefghijwxyz", service = "sendgrid" });
        Assert.Equal(("Store", "SG.…wxyz", "sendgrid"), (moved.String("apiKey.name"), moved.String("apiKey.masked"), moved.String("apiKey.provider")));
        var freed = await PutAsync(tenant, id, new { provider = "" });
        Assert.Equal(JsonValueKind.Null, freed["apiKey.provider"].ValueKind);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_deleted_key_is_gone(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var id = await CreateAsync(tenant, "Shop");

        Assert.Equal("Stored key deleted", (await tenant.Client.DeleteApiAsync($"{Path}/{id}")).String("message"));

        ProblemAssert.IsProblem(await tenant.Client.GetApiAsync($"{Path}/{id}"), 404, "read");
        ProblemAssert.IsProblem(await tenant.Client.DeleteApiAsync($"{Path}/{id}"), 404, "deleted twice");
        Assert.Empty((await tenant.Client.GetApiAsync(Path))["apiKeys"].EnumerateArray());
    }

    [Theory]
    [InlineData("""{"value":"v"}""", "name")]
    [InlineData("""{"name":" ","value":"v"}""", "name")]
    [InlineData("""{"name":"a\nb","value":"v"}""", "name")]
    [InlineData("""{"name":"a"}""", "value")]
    [InlineData("""{"name":"a","value":"  "}""", "value")]
    [InlineData("""{"name":"a","value":"v\tv"}""", "value")]
    [InlineData("""{"name":"a","value":"v","provider":"nobody"}""", "provider")]
    [InlineData("""{"name":"a","value":"v","masked":"sk_…1234"}""", "masked")]
    public async Task What_is_wrong_with_a_key_is_told_at_its_field(string body, string field)
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync(Path, body), field);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_never_repeats_the_value()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        var reply = await tenant.Client.PostApiAsync(Path, new { name = new string('n', 121), value = Value + new string('v', 8_192), provider = "nobody" });

        Assert.Equal(["name", "value", "provider"], reply.Fields);
        Assert.DoesNotContain("canary", reply.Text, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_name_that_is_taken_is_a_conflict(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        await CreateAsync(tenant, "Shop");
        var other = await CreateAsync(tenant, "Other");

        ProblemAssert.IsFault(await tenant.Client.PostApiAsync(Path, new { name = "Shop", value = "v" }), "name", 409);
        ProblemAssert.IsFault(await PutAsync(tenant, other, new { name = "Shop" }), "name", 409);
    }

    [Fact]
    public async Task The_number_of_keys_is_a_setting()
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { Settings = new Dictionary<string, string?> { ["StoredKeys:MaxKeys"] = "1" } });
        await CreateAsync(hub.Tenant, "One");

        var refused = await hub.Client.PostApiAsync(Path, new { name = "Two", value = "v" });

        ProblemAssert.IsProblem(refused, 422, "the second");
        Assert.Contains("at most 1 stored key", refused.Error, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_list_pages_by_key(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        for (var i = 0; i < 3; i++)
        {
            await CreateAsync(tenant, $"Key {i}");
        }

        var first = await tenant.Client.GetApiAsync($"{Path}?limit=2");
        var second = await tenant.Client.GetApiAsync($"{Path}?limit=2&cursor={first.String("nextCursor")}");

        Assert.Equal(["Key 2", "Key 1"], first["apiKeys"].EnumerateArray().Select(key => key.GetProperty("name").GetString()));
        Assert.Equal("Key 0", Assert.Single(second["apiKeys"].EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_request_again_stores_nothing_more(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var body = new { name = "Shop", value = Value };

        var first = await tenant.Client.CallAsync(HttpMethod.Post, Path, body, ("Idempotency-Key", "once"));
        var second = await tenant.Client.CallAsync(HttpMethod.Post, Path, body, ("Idempotency-Key", "once"));

        Assert.Equal(first.Text, second.Text);
        Assert.Single((await tenant.Client.GetApiAsync(Path))["apiKeys"].EnumerateArray());
    }

    internal static async Task<string> CreateAsync(HubTenant tenant, string name, string? provider = null, string value = Value)
    {
        var created = await tenant.Client.PostApiAsync(Path, new { name, value, provider });
        Assert.True(created.Status == 201, created.ToString());
        return created.String("apiKey.id");
    }

    private static Task<ApiReply> PutAsync(HubTenant tenant, string id, object body) => tenant.Client.CallAsync(HttpMethod.Put, $"{Path}/{id}", body);
}
