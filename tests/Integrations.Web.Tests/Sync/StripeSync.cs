using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Sandbox.Providers.Data;
using Integrations.Testing;
using Integrations.Web.Tests.Connections;

namespace Integrations.Web.Tests.Sync;

/// <summary>An organization that syncs customers with the sandbox's Stripe over REST; its rows are few and clean.</summary>
internal sealed record StripeSync(HubApp Hub, HubTenant Tenant, SandboxHost Sandbox, string Connection)
{
    public HttpClient Client => Tenant.Client;

    /// <summary>Stripe's customers in the sandbox.</summary>
    public DataTable Customers => Sandbox.Provider("stripe").Rows("customers");

    public string Path => $"/api/integrations/connections/{Connection}";

    /// <summary>What to ask of a sync that only takes customers in.</summary>
    public static object In { get; } = new { dataTypes = (string[])["contacts"], direction = "in" };

    public static async Task<StripeSync> StartAsync(ConnectionsFixture fixture, int customers, DatabaseProvider database = DatabaseProvider.Sqlite)
    {
        var (hub, tenant) = await fixture.StartAsync(database);
        var stripe = fixture.Sandbox.Provider("stripe");
        stripe.Reset();
        stripe.Dirt = false;
        stripe.Rows("customers").Reset(customers);
        return new StripeSync(hub, tenant, fixture.Sandbox, await ConnectAsync(tenant));
    }

    public static async Task<string> ConnectAsync(HubTenant tenant)
    {
        var connected = await tenant.Client.PostApiAsync("/api/integrations/connect", new { provider = "stripe", apiKey = SandboxKeys.StripeSecret });
        Assert.True(connected.Status == 201, connected.Text);
        return connected.String("connectionId");
    }

    /// <summary>Starts a sync and waits for its end.</summary>
    /// <param name="what">Null takes customers in.</param>
    public async Task<ApiReply> RunAsync(object? what = null)
    {
        var ended = await WaitingAsync($"{Path}/sync", what ?? In);
        Assert.True(ended.Status == 200, ended.Text);
        return ended;
    }

    public Task<ApiReply> WaitingAsync(string path, object? body = null) => Client.CallAsync(HttpMethod.Post, path, body, ("Prefer", "wait=30"));

    /// <summary>The run, once it has ended.</summary>
    public Task<ApiReply> EndAsync(string sync) => Client.CallAsync(HttpMethod.Get, $"/api/syncs/{sync}", null, ("Prefer", "wait=30"));

    public async Task<IReadOnlyList<string?>> ContactNamesAsync() =>
        [.. (await Client.GetApiAsync("/api/contacts?limit=200"))["contacts"].EnumerateArray().Select(contact => contact.GetProperty("name").GetString())];

    /// <summary>The actions of the audit log, oldest first.</summary>
    public async Task<IReadOnlyList<string?>> AuditAsync(string area) =>
        [.. (await Client.GetApiAsync($"/api/audit?action={area}"))["entries"].EnumerateArray().Reverse().Select(entry => entry.GetProperty("action").GetString())];
}
