using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Integrations.Web.Tests.Api;
using Integrations.Web.Tests.Connections;

namespace Integrations.Web.Tests.StoredKeys;

/// <summary>Providers are connected with keys out of the store; the sandbox stands in for the providers.</summary>
public sealed class ConnectByStoredKeyTests(ConnectionsFixture fixture) : IClassFixture<ConnectionsFixture>
{
    private const string Field = "storedKeyId";

    [Theory, OnSqlite, OnPostgres]
    public async Task A_provider_is_connected_with_a_stored_key_and_the_use_is_told(DatabaseProvider database)
    {
        var (hub, tenant) = await fixture.StartAsync(database);
        var key = await StoreAsync(tenant, "Stripe", SandboxKeys.StripeSecret, "stripe");

        var connected = await ConnectAsync(tenant, new { provider = "stripe", storedKeyId = key });

        Assert.True(connected.Status == 201, connected.ToString());
        Assert.Equal("connected", connected.String("connection.status"));
        Assert.NotEqual(default, (await tenant.Client.GetApiAsync($"/api/integrations/api-keys/{key}"))["apiKey.lastUsedAt"].GetDateTimeOffset());
        var used = Assert.Single((await tenant.Client.GetApiAsync("/api/audit?action=stored_key.used"))["entries"].EnumerateArray());
        Assert.Equal(key, used.GetProperty("target").GetProperty("id").GetString());
        Assert.DoesNotContain(SandboxKeys.StripeSecret, hub.Log.Text + connected.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_a_provider_that_takes_two_secrets_is_the_one_that_credentials_lacks()
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var key = await StoreAsync(tenant, "AutoCount", SandboxKeys.AutoCountApiKey, "autocount");

        ProblemAssert.IsFault(await ConnectAsync(tenant, new { provider = "autocount", storedKeyId = key }), Field, 422);
        var credentials = new Dictionary<string, string> { ["keyId"] = SandboxKeys.AutoCountKeyId, ["accountBookId"] = SandboxKeys.AutoCountBook };
        var connected = await ConnectAsync(tenant, new { provider = "autocount", storedKeyId = key, credentials });

        Assert.True(connected.Status == 201, connected.ToString());
    }

    [Fact]
    public async Task A_key_that_cannot_be_meant_is_refused_at_its_field_and_not_used()
    {
        var (hub, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var key = await StoreAsync(tenant, "SendGrid", SandboxKeys.SendGrid, "sendgrid");
        var stranger = await hub.CreateOrganizationAsync();
        var foreign = await StoredKeyApiTests.CreateAsync(stranger, "Theirs", "stripe", SandboxKeys.StripeSecret);

        var other = await ConnectAsync(tenant, new { provider = "stripe", storedKeyId = key });
        ProblemAssert.IsFault(other, Field, 422);
        Assert.Contains("is for sendgrid", other.Error, StringComparison.Ordinal);
        foreach (var id in new[] { foreign, "nonsense", key[..^1] + "!", PublicId.Format(PublicId.StoredKey, Guid.CreateVersion7()) })
        {
            var unknown = await ConnectAsync(tenant, new { provider = "stripe", storedKeyId = id });
            ProblemAssert.IsFault(unknown, Field, 422);
            Assert.Equal("The stored key was not found.", unknown.Error);
        }

        ProblemAssert.IsFault(await ConnectAsync(tenant, new { provider = "sendgrid", storedKeyId = key, apiKey = SandboxKeys.SendGrid }), Field);
        ProblemAssert.IsFault(await ConnectAsync(tenant, new { provider = "sendgrid", storedKeyId = key, credentials = new { apiKey = SandboxKeys.SendGrid } }), Field, 422);
        ProblemAssert.IsFault(await ConnectAsync(tenant, new { provider = "zapier", storedKeyId = key }), Field, 422);
        ProblemAssert.IsFault(await ConnectAsync(tenant, new { provider = "xero", storedKeyId = key }), Field, 422);
        ProblemAssert.IsFault(await ConnectAsync(tenant, new { provider = "nobody", storedKeyId = key }), "provider");
        Assert.Empty((await tenant.Client.GetApiAsync("/api/audit?action=stored_key.used"))["entries"].EnumerateArray());
    }

    [Fact]
    public async Task To_connect_with_a_stored_key_takes_the_scope_to_connect_and_no_other()
    {
        var (_, tenant) = await fixture.StartAsync(DatabaseProvider.Sqlite);
        var key = await StoreAsync(tenant, "Stripe", SandboxKeys.StripeSecret);
        using var keeper = await tenant.CreateClientAsync(Scopes.KeysAdmin);
        using var connector = await tenant.CreateClientAsync(Scopes.ConnectionsWrite);
        var body = new { provider = "stripe", storedKeyId = key };

        ProblemAssert.IsProblem(await keeper.PostApiAsync("/api/integrations/connect", body), 403, "without connections:write");
        Assert.Equal(201, (await connector.PostApiAsync("/api/integrations/connect", body)).Status);
        ProblemAssert.IsProblem(await connector.GetApiAsync($"/api/integrations/api-keys/{key}"), 403, "without keys:admin");
    }

    private static Task<string> StoreAsync(HubTenant tenant, string name, string value, string? provider = null) => StoredKeyApiTests.CreateAsync(tenant, name, provider, value);

    private static Task<ApiReply> ConnectAsync(HubTenant tenant, object body) => tenant.Client.PostApiAsync("/api/integrations/connect", body);
}
