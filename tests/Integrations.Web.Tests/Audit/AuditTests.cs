using System.Text.Json;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Audit;

public sealed class AuditTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Every_change_leaves_an_entry_with_who_what_before_and_after(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var webhook = await tenant.Client.PostApiAsync("/api/webhooks", new { url = "http://localhost:9/hook", events = (string[])["*"], headers = new Dictionary<string, string> { ["X-Own"] = "planted-header" } });
        var id = webhook.String("webhook.id");
        await tenant.Client.PatchApiAsync($"/api/webhooks/{id}", new { description = "Changed", isActive = false });
        await tenant.Client.DeleteApiAsync($"/api/webhooks/{id}");
        var key = await tenant.Client.PostApiAsync("/api/keys", new { name = "Shop", scopes = (string[])["events:read"] });
        await tenant.Client.DeleteApiAsync($"/api/keys/{key.String("keyId")}");
        await tenant.Client.PostApiAsync("/api/event-types", new { name = "order.shipped" });
        await tenant.Client.DeleteApiAsync("/api/event-types/order.shipped");

        var reply = await tenant.Client.GetApiAsync("/api/audit");

        var entries = reply["entries"].EnumerateArray().Reverse().ToList();
        Assert.Equal(
            ["organization.created", "api_key.created", "webhook.created", "webhook.updated", "webhook.deleted", "api_key.created", "api_key.revoked", "event_type.created", "event_type.deleted"],
            entries.Select(entry => entry.GetProperty("action").GetString()));
        var updated = entries[3];
        Assert.Equal("api_key", updated.GetProperty("actor").GetProperty("kind").GetString());
        Assert.Equal("First key", updated.GetProperty("actor").GetProperty("name").GetString());
        Assert.Equal(id, updated.GetProperty("target").GetProperty("id").GetString());
        Assert.Equal("http://localhost:9/hook", updated.GetProperty("target").GetProperty("name").GetString());
        Assert.NotEmpty(updated.GetProperty("requestId").GetString()!);
        Assert.True(updated.GetProperty("before").GetProperty("isActive").GetBoolean());
        Assert.False(updated.GetProperty("after").GetProperty("isActive").GetBoolean());
        Assert.Equal("Changed", updated.GetProperty("after").GetProperty("description").GetString());
        Assert.Equal(JsonValueKind.Null, entries[2].GetProperty("before").ValueKind);
        Assert.Equal(JsonValueKind.Null, entries[4].GetProperty("after").ValueKind);
        foreach (var secret in new[] { webhook.String("webhook.secret"), key.String("key"), tenant.ApiKey, "planted-header" })
        {
            Assert.DoesNotContain(secret, reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task That_the_value_of_a_header_was_replaced_is_told_without_the_value()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);
        var id = (await tenant.Client.PostApiAsync(
            "/api/webhooks", new { url = "http://localhost:9/", events = (string[])["*"], headers = new Dictionary<string, string> { ["X-Key"] = "planted-old", ["X-Own"] = "same" } })).String("webhook.id");

        await tenant.Client.PatchApiAsync($"/api/webhooks/{id}", new { headers = new Dictionary<string, string> { ["X-Key"] = "planted-new", ["X-Own"] = "same", ["X-More"] = "more" } });

        var reply = await tenant.Client.GetApiAsync("/api/audit?action=webhook.updated");
        static string Headers(JsonElement side) => side.GetProperty("headers").GetRawText();
        var entry = reply["entries"][0];
        Assert.Equal(("""["X-Key","X-Own"]""", """["X-Key (new value)","X-More","X-Own"]"""), (Headers(entry.GetProperty("before")), Headers(entry.GetProperty("after"))));
        Assert.DoesNotContain("planted-", reply.Text, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Entries_about_members_are_hidden_from_keys_that_are_not_full(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        var tenant = await hub.CreateOrganizationAsync();
        var members = hub.Services.GetRequiredService<MemberService>();
        var member = await members.AddAsync(tenant.Owner, $"viewer-{Guid.NewGuid():N}@example.com", HubApp.OwnerPassword, Role.Viewer, CancellationToken.None);
        await members.ChangeRoleAsync(tenant.Owner, member.Id, Role.Admin, CancellationToken.None);
        await members.RemoveAsync(tenant.Owner, member.Id, CancellationToken.None);
        using var logs = await tenant.CreateClientAsync(Scopes.LogsRead);

        Assert.Equal(["member.removed", "member.role_changed", "member.added"], Actions(await tenant.Client.GetApiAsync("/api/audit?action=member")));
        Assert.Empty(Actions(await logs.GetApiAsync("/api/audit?action=member")));
        Assert.DoesNotContain(member.Email, (await logs.GetApiAsync("/api/audit")).Text, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Entries_are_filtered_by_area_action_target_and_time_and_paged(DatabaseProvider database)
    {
        var tenant = await hubs.CreateOrganizationAsync(database);
        var id = (await tenant.Client.PostApiAsync("/api/webhooks", new { url = "http://localhost:9/", events = (string[])["*"] })).String("webhook.id");
        await tenant.Client.PatchApiAsync($"/api/webhooks/{id}", new { isActive = false });

        Assert.Equal(["webhook.updated", "webhook.created"], Actions(await tenant.Client.GetApiAsync("/api/audit?action=webhook")));
        Assert.Equal(["webhook.created"], Actions(await tenant.Client.GetApiAsync("/api/audit?action=webhook.created")));
        Assert.Equal(2, Actions(await tenant.Client.GetApiAsync($"/api/audit?targetId={id}")).Count());
        Assert.Empty(Actions(await tenant.Client.GetApiAsync("/api/audit?to=2000-01-01")));
        var first = await tenant.Client.GetApiAsync("/api/audit?limit=1");
        Assert.Equal(["webhook.updated"], Actions(first));
        Assert.Equal(["webhook.created"], Actions(await tenant.Client.GetApiAsync($"/api/audit?limit=1&cursor={first.String("nextCursor")}")));
    }

    [Fact]
    public async Task A_refused_change_leaves_no_entry()
    {
        var tenant = await hubs.CreateOrganizationAsync(DatabaseProvider.Sqlite);

        ProblemAssert.IsProblem(await tenant.Client.PostApiAsync("/api/webhooks", new { url = "nowhere" }), 400, "refused");

        Assert.Empty(Actions(await tenant.Client.GetApiAsync("/api/audit?action=webhook")));
    }

    private static IEnumerable<string?> Actions(ApiReply reply) => reply["entries"].EnumerateArray().Select(entry => entry.GetProperty("action").GetString());
}
