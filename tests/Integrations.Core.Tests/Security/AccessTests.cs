using Integrations.Core.Security;

namespace Integrations.Core.Tests.Security;

public sealed class AccessTests
{
    [Fact]
    public void Every_permission_has_a_role_and_a_scope() => Assert.All(Enum.GetValues<Permission>(), permission =>
    {
        Assert.True(Enum.IsDefined(AccessTable.RoleFor(permission)));
        Assert.NotNull(Scopes.Resolve(AccessTable.ScopeFor(permission)));
    });

    [Fact]
    public void A_higher_role_may_all_that_a_lower_one_may() => Assert.All(Enum.GetValues<Permission>(), permission =>
    {
        var may = Enum.GetValues<Role>().Order().Select(role => Actor.Member(Guid.NewGuid(), Guid.NewGuid(), "a@example.com", role).Can(permission)).ToList();
        Assert.Equal(may.Order(), may);
        Assert.True(may[^1]);
    });

    [Fact]
    public void A_viewer_changes_nothing() => Assert.All(
        Enum.GetValues<Permission>().Where(permission => permission.ToString().EndsWith("Write", StringComparison.Ordinal)),
        permission => Assert.False(Actor.Member(Guid.NewGuid(), Guid.NewGuid(), "a@example.com", Role.Viewer).Can(permission)));

    [Fact]
    public void A_missing_scope_is_named()
    {
        var key = Actor.ApiKey(Guid.NewGuid(), Guid.NewGuid(), "key", [Scopes.EventsRead]);

        var refusal = Assert.Throws<Refusal>(() => key.Demand(Permission.EventsWrite));

        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
        Assert.Equal(Scopes.EventsWrite, refusal.MissingScope);
        Assert.True(Actor.ApiKey(Guid.NewGuid(), Guid.NewGuid(), "key", [Scopes.Everything]).Can(Permission.EventsWrite));
    }

    [Theory]
    [InlineData("users:read", Scopes.RecordsRead)]
    [InlineData("analytics:read", Scopes.LogsRead)]
    [InlineData("events:write", Scopes.EventsWrite)]
    [InlineData("read:payments", null)]
    public void Older_scope_names_are_aliases(string name, string? scope) => Assert.Equal(scope, Scopes.Resolve(name));
}
