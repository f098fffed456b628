using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;

namespace Integrations.Web.Tests.Organizations;

public sealed class MeTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Me_tells_whose_credential_it_is_and_what_it_may_do(DatabaseProvider database)
    {
        var hub = await hubs.GetAsync(database);
        using var client = await hub.Tenant.CreateClientAsync(Scopes.ProfileRead, Scopes.EventsRead);

        var reply = await client.GetApiAsync("/api/me");

        Assert.Equal(200, reply.Status);
        Assert.Equal("Acme", reply.String("organization.name"));
        Assert.Equal("acme", reply.String("organization.slug"));
        Assert.StartsWith("org_", reply.String("organization.id"), StringComparison.Ordinal);
        Assert.StartsWith("key_", reply.String("credential.id"), StringComparison.Ordinal);
        Assert.Equal("Test key", reply.String("credential.name"));
        Assert.Equal("api_key", reply.String("credential.kind"));
        Assert.Equal(["events:read", "profile:read"], reply["credential.scopes"].EnumerateArray().Select(scope => scope.GetString()));
    }
}
