namespace Integrations.Core.Security;

/// <summary>Who may do what: the least role of a member and the scope of a key or token. The only such table; services, pages and tests read it.</summary>
public static class AccessTable
{
    private static readonly Dictionary<Permission, (Role Role, string Scope)> _rules = new()
    {
        [Permission.ProfileRead] = (Role.Viewer, Scopes.ProfileRead),
        [Permission.OrganizationRead] = (Role.Viewer, Scopes.ProfileRead),
        [Permission.MembersRead] = (Role.Viewer, Scopes.Everything),
        [Permission.MembersWrite] = (Role.Owner, Scopes.Everything),
        [Permission.AuditRead] = (Role.Viewer, Scopes.LogsRead),
        [Permission.AuditReadMembers] = (Role.Admin, Scopes.Everything),
        [Permission.ApiKeysRead] = (Role.Viewer, Scopes.KeysAdmin),
        [Permission.ApiKeysWrite] = (Role.Admin, Scopes.KeysAdmin),
        [Permission.StoredKeysRead] = (Role.Viewer, Scopes.KeysAdmin),
        [Permission.StoredKeysWrite] = (Role.Admin, Scopes.KeysAdmin),
        [Permission.EventsRead] = (Role.Viewer, Scopes.EventsRead),
        [Permission.EventsWrite] = (Role.Admin, Scopes.EventsWrite),
        [Permission.WebhooksRead] = (Role.Viewer, Scopes.WebhooksRead),
        [Permission.WebhooksWrite] = (Role.Admin, Scopes.WebhooksWrite),
        [Permission.ConnectionsRead] = (Role.Viewer, Scopes.ConnectionsRead),
        [Permission.ConnectionsWrite] = (Role.Admin, Scopes.ConnectionsWrite),
        [Permission.RecordsRead] = (Role.Viewer, Scopes.RecordsRead),
        [Permission.RecordsWrite] = (Role.Admin, Scopes.RecordsWrite),
        [Permission.SyncRead] = (Role.Viewer, Scopes.SyncRead),
        [Permission.SyncWrite] = (Role.Admin, Scopes.SyncWrite),
        [Permission.ProvidersWrite] = (Role.Owner, Scopes.Everything),
    };

    /// <summary>The least role that holds a permission.</summary>
    public static Role RoleFor(Permission permission) => _rules[permission].Role;

    /// <summary>The scope that a key or token needs for a permission; <see cref="Scopes.Everything"/> always suffices.</summary>
    public static string ScopeFor(Permission permission) => _rules[permission].Scope;
}
