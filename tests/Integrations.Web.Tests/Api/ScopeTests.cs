using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Testing;

namespace Integrations.Web.Tests.Api;

/// <summary>Which permission each route demands. A new route has to be added here, and so to be thought about.</summary>
public sealed class ScopeTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    private static readonly Dictionary<string, Permission> _demands = new(StringComparer.Ordinal)
    {
        ["POST /api/events"] = Permission.EventsWrite,
        ["GET /api/events"] = Permission.EventsRead,
        ["GET /api/events/{id}"] = Permission.EventsRead,
        ["GET /api/events/{id}/deliveries"] = Permission.WebhooksRead,
        ["GET /api/event-types"] = Permission.EventsRead,
        ["POST /api/event-types"] = Permission.EventsWrite,
        ["PATCH /api/event-types/{name}"] = Permission.EventsWrite,
        ["DELETE /api/event-types/{name}"] = Permission.EventsWrite,
        ["GET /api/webhooks"] = Permission.WebhooksRead,
        ["POST /api/webhooks"] = Permission.WebhooksWrite,
        ["POST /api/webhooks/filter/try"] = Permission.EventsRead,
        ["GET /api/webhooks/{id}"] = Permission.WebhooksRead,
        ["PATCH /api/webhooks/{id}"] = Permission.WebhooksWrite,
        ["DELETE /api/webhooks/{id}"] = Permission.WebhooksWrite,
        ["POST /api/webhooks/{id}/test"] = Permission.WebhooksWrite,
        ["GET /api/webhooks/{id}/statistics"] = Permission.WebhooksRead,
        ["POST /api/webhooks/{id}/rotate-secret"] = Permission.WebhooksWrite,
        ["DELETE /api/webhooks/{id}/previous-secret"] = Permission.WebhooksWrite,
        ["GET /api/webhooks/{id}/deliveries"] = Permission.WebhooksRead,
        ["GET /api/webhooks/{id}/deliveries/{deliveryId}"] = Permission.WebhooksRead,
        ["POST /api/webhooks/{id}/deliveries/{deliveryId}/retry"] = Permission.WebhooksWrite,
        ["POST /api/webhooks/{id}/deliveries/{deliveryId}/skip"] = Permission.WebhooksWrite,
        ["GET /api/webhooks/{id}/tail"] = Permission.WebhooksRead,
        ["POST /api/webhooks/{id}/replay"] = Permission.WebhooksWrite,
        ["POST /api/webhooks/{id}/replay/count"] = Permission.WebhooksRead,
        ["GET /api/webhooks/{id}/replays"] = Permission.WebhooksRead,
        ["GET /api/replays/{id}"] = Permission.WebhooksRead,
        ["POST /api/replays/{id}/pause"] = Permission.WebhooksWrite,
        ["POST /api/replays/{id}/resume"] = Permission.WebhooksWrite,
        ["POST /api/replays/{id}/cancel"] = Permission.WebhooksWrite,
        ["GET /api/keys"] = Permission.ApiKeysRead,
        ["POST /api/keys"] = Permission.ApiKeysWrite,
        ["GET /api/keys/{id}"] = Permission.ApiKeysRead,
        ["DELETE /api/keys/{id}"] = Permission.ApiKeysWrite,
        ["GET /api/integrations/api-keys"] = Permission.StoredKeysRead,
        ["POST /api/integrations/api-keys"] = Permission.StoredKeysWrite,
        ["GET /api/integrations/api-keys/{id}"] = Permission.StoredKeysRead,
        ["PUT /api/integrations/api-keys/{id}"] = Permission.StoredKeysWrite,
        ["DELETE /api/integrations/api-keys/{id}"] = Permission.StoredKeysWrite,
        ["GET /api/integrations"] = Permission.ConnectionsRead,
        ["GET /api/integrations/available"] = Permission.ConnectionsRead,
        ["GET /api/integrations/connections"] = Permission.ConnectionsRead,
        ["GET /api/integrations/connected"] = Permission.ConnectionsRead,
        ["POST /api/integrations/connections"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/connect"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/{provider}/connect"] = Permission.ConnectionsWrite,
        ["GET /api/integrations/connections/{id}"] = Permission.ConnectionsRead,
        ["PATCH /api/integrations/connections/{id}"] = Permission.ConnectionsWrite,
        ["DELETE /api/integrations/connections/{id}"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/{idOrProvider}/disconnect"] = Permission.ConnectionsWrite,
        ["DELETE /api/integrations/{idOrProvider}"] = Permission.ConnectionsWrite,
        ["DELETE /api/integrations/{idOrProvider}/disconnect"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/connections/{id}/test"] = Permission.ConnectionsWrite,
        ["GET /api/integrations/connections/{id}/choices/{name}"] = Permission.ConnectionsRead,
        ["GET /api/integrations/connections/{id}/actions"] = Permission.ConnectionsRead,
        ["POST /api/integrations/connections/{id}/actions/{action}"] = Permission.ConnectionsWrite,
        ["GET /api/integrations/oauth/{provider}/authorize"] = Permission.ConnectionsWrite,
        ["GET /api/integrations/oauth/{provider}/start"] = Permission.ConnectionsWrite,
        ["GET /api/integrations/{provider}/auth"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/oauth/{provider}/refresh"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/{provider}/refresh-token"] = Permission.ConnectionsWrite,
        ["POST /api/integrations/connections/{id}/sync"] = Permission.SyncWrite,
        ["GET /api/integrations/connections/{id}/sync"] = Permission.SyncRead,
        ["GET /api/integrations/connections/{id}/syncs"] = Permission.SyncRead,
        ["GET /api/integrations/connections/{id}/mappings"] = Permission.SyncRead,
        ["PUT /api/integrations/connections/{id}/mappings/{dataType}"] = Permission.SyncWrite,
        ["POST /api/integrations/connections/{id}/mappings/{dataType}/preview"] = Permission.SyncRead,
        ["DELETE /api/integrations/connections/{id}/mappings/{dataType}"] = Permission.SyncWrite,
        ["GET /api/integrations/connections/{id}/pending-deletes"] = Permission.SyncRead,
        ["POST /api/integrations/connections/{id}/pending-deletes/approve"] = Permission.SyncWrite,
        ["POST /api/integrations/connections/{id}/pending-deletes/reject"] = Permission.SyncWrite,
        ["POST /api/integrations/{provider}/sync"] = Permission.SyncWrite,
        ["POST /api/integrations/{provider}/sync/{dataType}"] = Permission.SyncWrite,
        ["GET /api/integrations/{provider}/sync-status"] = Permission.SyncRead,
        ["GET /api/syncs"] = Permission.SyncRead,
        ["GET /api/syncs/{syncId}"] = Permission.SyncRead,
        ["GET /api/syncs/{syncId}/errors"] = Permission.SyncRead,
        ["POST /api/syncs/{syncId}/cancel"] = Permission.SyncWrite,
        ["POST /api/syncs/{syncId}/retry-failed"] = Permission.SyncWrite,
        ["GET /api/contacts"] = Permission.RecordsRead,
        ["GET /api/contacts/export"] = Permission.RecordsRead,
        ["GET /api/contacts/{id}"] = Permission.RecordsRead,
        ["POST /api/contacts"] = Permission.RecordsWrite,
        ["POST /api/contacts/bulk"] = Permission.RecordsWrite,
        ["PATCH /api/contacts/{id}"] = Permission.RecordsWrite,
        ["DELETE /api/contacts/{id}"] = Permission.RecordsWrite,
        ["GET /api/products"] = Permission.RecordsRead,
        ["GET /api/products/export"] = Permission.RecordsRead,
        ["GET /api/products/{id}"] = Permission.RecordsRead,
        ["POST /api/products"] = Permission.RecordsWrite,
        ["POST /api/products/bulk"] = Permission.RecordsWrite,
        ["PATCH /api/products/{id}"] = Permission.RecordsWrite,
        ["DELETE /api/products/{id}"] = Permission.RecordsWrite,
        ["GET /api/invoices"] = Permission.RecordsRead,
        ["GET /api/invoices/export"] = Permission.RecordsRead,
        ["GET /api/invoices/{id}"] = Permission.RecordsRead,
        ["POST /api/invoices"] = Permission.RecordsWrite,
        ["POST /api/invoices/bulk"] = Permission.RecordsWrite,
        ["PATCH /api/invoices/{id}"] = Permission.RecordsWrite,
        ["DELETE /api/invoices/{id}"] = Permission.RecordsWrite,
        ["GET /api/payments"] = Permission.RecordsRead,
        ["GET /api/payments/export"] = Permission.RecordsRead,
        ["GET /api/payments/{id}"] = Permission.RecordsRead,
        ["POST /api/payments"] = Permission.RecordsWrite,
        ["POST /api/payments/bulk"] = Permission.RecordsWrite,
        ["PATCH /api/payments/{id}"] = Permission.RecordsWrite,
        ["DELETE /api/payments/{id}"] = Permission.RecordsWrite,
        ["GET /api/records/{dataType}"] = Permission.RecordsRead,
        ["GET /api/records/{dataType}/export"] = Permission.RecordsRead,
        ["GET /api/records/{dataType}/{id}"] = Permission.RecordsRead,
        ["POST /api/records/{dataType}"] = Permission.RecordsWrite,
        ["POST /api/records/{dataType}/bulk"] = Permission.RecordsWrite,
        ["PATCH /api/records/{dataType}/{id}"] = Permission.RecordsWrite,
        ["DELETE /api/records/{dataType}/{id}"] = Permission.RecordsWrite,
        ["GET /api/audit"] = Permission.AuditRead,
        ["GET /api/me"] = Permission.ProfileRead,
    };

    [Fact]
    public async Task Every_route_is_listed_here_with_the_permission_that_it_demands()
    {
        var mapped = Routes(await hubs.GetAsync(DatabaseProvider.Sqlite)).Select(Listed).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(_demands.Keys.Order(StringComparer.Ordinal), mapped);
    }

    [Fact]
    public async Task Every_route_refuses_a_key_with_all_scopes_but_the_one_that_it_demands()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        foreach (var routes in Routes(hub).GroupBy(route => AccessTable.ScopeFor(_demands[Listed(route)])))
        {
            var tenant = await hub.CreateOrganizationAsync();
            var things = await ApiThings.CreateAsync(tenant);
            using var client = await tenant.CreateClientAsync([.. Scopes.All.Select(scope => scope.Name).Where(scope => scope != routes.Key && scope != Scopes.Everything)]);
            foreach (var route in routes)
            {
                var reply = await client.CallAsync(route.Method, things.PathOf(route), route.BodyType is null ? null : "{}");

                ProblemAssert.IsProblem(reply, 403, route.Name);
                Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{routes.Key}\"", reply.Headers.WwwAuthenticate.ToString());
                Assert.Contains(routes.Key, reply.Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Every_route_takes_a_key_with_only_the_scope_that_it_demands()
    {
        var hub = await hubs.GetAsync(DatabaseProvider.Sqlite);
        foreach (var routes in Routes(hub).GroupBy(route => AccessTable.ScopeFor(_demands[Listed(route)])))
        {
            var tenant = await hub.CreateOrganizationAsync();
            var things = await ApiThings.CreateAsync(tenant);
            using var client = await tenant.CreateClientAsync(routes.Key);
            // Reading first: the last routes delete.
            foreach (var route in routes.OrderBy(route => route.Method == HttpMethod.Delete).ThenBy(route => route.Method == HttpMethod.Post))
            {
                var reply = await client.CallAsync(route.Method, things.PathOf(route), route.BodyType is null ? null : "{}");

                Assert.False(reply.Status is 401 or 403 or >= 500, $"{route}: {reply}");
            }
        }
    }

    [Theory]
    [InlineData(Role.Viewer, Permission.WebhooksRead, true)]
    [InlineData(Role.Viewer, Permission.AuditRead, true)]
    [InlineData(Role.Viewer, Permission.AuditReadMembers, false)]
    [InlineData(Role.Viewer, Permission.WebhooksWrite, false)]
    [InlineData(Role.Viewer, Permission.EventsWrite, false)]
    [InlineData(Role.Viewer, Permission.ApiKeysWrite, false)]
    [InlineData(Role.Admin, Permission.ApiKeysWrite, true)]
    [InlineData(Role.Admin, Permission.AuditReadMembers, true)]
    [InlineData(Role.Admin, Permission.MembersWrite, false)]
    [InlineData(Role.Owner, Permission.MembersWrite, true)]
    public void A_role_holds_what_the_table_gives_it(Role role, Permission permission, bool holds) =>
        Assert.Equal(holds, Actor.Member(Guid.NewGuid(), Guid.NewGuid(), "a@example.com", role).Can(permission));

    [Theory]
    [MemberData(nameof(Permissions))]
    public void Every_permission_has_a_role_and_a_scope_that_is_documented(Permission permission)
    {
        Assert.True(Enum.IsDefined(AccessTable.RoleFor(permission)));
        Assert.Contains(AccessTable.ScopeFor(permission), Scopes.All.Select(scope => scope.Name));
    }

    public static TheoryData<Permission> Permissions() => [.. Enum.GetValues<Permission>()];

    // What a provider sends a browser back with is told by its state, not by a credential.
    private static IEnumerable<ApiRoute> Routes(HubApp hub) => ApiRoute.All(hub).Where(route => !route.Template.EndsWith("/callback", StringComparison.Ordinal));

    // The alias demands what the route itself does.
    private static string Listed(ApiRoute route) => route.Name.Replace("/api/integrations/webhooks", "/api/webhooks", StringComparison.Ordinal);
}
